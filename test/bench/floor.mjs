// The floor: the standard workload as one hand-tuned, single-purpose loop. The engine's speed is a
// share of its speed. It has no code in common with the engine, so that its counts check the engine's
// as well. Draws are keyed: counts and the order of events are exact, and the same in every program
// that follows the rules below.
//
// The workload, times in milliseconds: one sender, one receiver, a lossy network each way.
//   ARRIVE     message i arrives Exp(1) after message i - 1, and is sent: attempt 1.
//   a send     is lost with 0.2, else DELIVER after Exp(5); always TIMEOUT after 50.
//   DELIVER    a known id is suppressed and acknowledged at once; a new one is PROCESSED after 1.
//              The store forgets an id 60 s after it was first seen.
//   PROCESSED  the effect, then the ack.
//   an ack     is lost with 0.1, else ACK after Exp(5).
//   ACK        completes an open message.
//   TIMEOUT    is never cancelled. If the message is still open: RETRY after U(0, 100 * 2^(k - 1)),
//              or after attempt 8 the sender gives up.
//   RETRY      sends again if the message is still open.

import { EventHeap } from './event-heap.mjs';

const ARRIVE = 0;
const DELIVER = 1;
const PROCESSED = 2;
const ACK = 3;
const TIMEOUT = 4;
const RETRY = 5;

const FORWARD_LOSS = 1;
const FORWARD_LATENCY = 2;
const ACK_LOSS = 3;
const ACK_LATENCY = 4;
const JITTER = 5;

const ATTEMPTS_MAX = 8;
const WINDOW_MS = 60_000;

// What is known of a message lives in rings: more than all messages of 60 s and the longest retries.
const RING_SIZE = 1 << 17;
const RING_MASK = RING_SIZE - 1;
const OPEN = 1; // the sender waits for an answer
const STORED = 2; // the id is in the dedup store
const DELIVERED = 4; // the id has been delivered at least once

// A traced row's kind is its event type, and one of:
const MARK_NO_CHANGE = 8; // suppressed, late or stale
const MARK_GAVE_UP = 16;

/** What an event carries is one 32-bit integer: 25 bits of message id, 3 of type, 4 of attempt. */
const MESSAGES_MAX = 1 << 25;

/**
 * A uniform in (0, 1) of 32 random bits, a pure function of seed, message and key: attempt * 8 + purpose.
 * @param {number} seed @param {number} id @param {number} key
 */
function draw(seed, id, key) {
  let h = (seed + Math.imul(id, 0x9e3779b1)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= (h >>> 16) ^ Math.imul(key + 1, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (((h ^ (h >>> 16)) >>> 0) + 0.5) * 2 ** -32;
}

/** @param {number} mean @param {number} seed @param {number} id @param {number} key */
function exponential(mean, seed, id, key) {
  return -mean * Math.log(draw(seed, id, key));
}

/**
 * Runs the standard workload to its end.
 * @param {import('./floor.d.mts').FloorOptions} options
 * @returns {import('./floor.d.mts').FloorCounts}
 */
export function runFloor({ messages, seed, trace, check }) {
  if (!(messages >= 1 && messages <= MESSAGES_MAX)) throw new RangeError(`${messages} messages`);
  const events = new EventHeap();
  let now = 0;
  const columns = trace === 'columns' ? new Columns() : null;

  const flags = new Uint8Array(RING_SIZE);
  const arrivedAt = new Float64Array(RING_SIZE);
  const storedAt = new Float64Array(RING_SIZE);
  const storeQueue = new Int32Array(RING_SIZE); // ring slots of the stored ids, oldest first
  let storeHead = 0;
  let storeTail = 0;
  let arrivedCount = 0;

  let eventCount = 0;
  let attempts = 0;
  let forwardLost = 0;
  let deliveries = 0;
  let duplicates = 0;
  let suppressed = 0;
  let effects = 0;
  let acksLost = 0;
  let acksArrived = 0;
  let lateAcks = 0;
  let timeouts = 0;
  let staleTimeouts = 0;
  let retries = 0;
  let staleRetries = 0;
  let gaveUp = 0;
  let completed = 0;
  let latencySum = 0;
  let pendingMax = 0;
  let storeMax = 0;
  let orderHash = 0;

  events.schedule(exponential(1, seed, 0, 0), ARRIVE << 4);

  while (events.pendingCount > 0) {
    if (events.pendingCount > pendingMax) pendingMax = events.pendingCount;
    now = events.nextTime;
    const event = events.takeNext();
    const id = event >>> 7;
    const type = (event >> 4) & 7;
    const attempt = event & 15;
    const slot = id & RING_MASK;
    eventCount++;
    if (check) {
      orderHash = (Math.imul(orderHash, 31) + Math.imul(id, 64) + (type << 3) + attempt) | 0;
    }

    let kind = type;
    let sends = 0; // the attempt to send now
    let acks = false;
    switch (type) {
      case ARRIVE:
        if (flags[slot] & (OPEN | STORED)) throw new Error('the rings are too small');
        flags[slot] = OPEN;
        arrivedAt[slot] = now;
        arrivedCount++;
        sends = 1;
        break;
      case DELIVER:
        deliveries++;
        while (storeHead !== storeTail) {
          const oldest = storeQueue[storeHead & RING_MASK];
          if (storedAt[oldest] > now - WINDOW_MS) break;
          flags[oldest] &= ~STORED;
          storeHead++;
        }
        if (flags[slot] & DELIVERED) duplicates++;
        if (flags[slot] & STORED) {
          suppressed++;
          kind |= MARK_NO_CHANGE;
          acks = true;
        } else {
          flags[slot] |= STORED | DELIVERED;
          storedAt[slot] = now;
          storeQueue[storeTail++ & RING_MASK] = slot;
          if (storeTail - storeHead > storeMax) storeMax = storeTail - storeHead;
          events.schedule(now + 1, (id << 7) | (PROCESSED << 4) | attempt);
        }
        break;
      case PROCESSED:
        effects++;
        acks = true;
        break;
      case ACK:
        acksArrived++;
        if (flags[slot] & OPEN) {
          flags[slot] &= ~OPEN;
          completed++;
          latencySum += now - arrivedAt[slot];
        } else {
          lateAcks++;
          kind |= MARK_NO_CHANGE;
        }
        break;
      case TIMEOUT:
        if (!(flags[slot] & OPEN)) {
          staleTimeouts++;
          kind |= MARK_NO_CHANGE;
        } else if (attempt === ATTEMPTS_MAX) {
          timeouts++;
          gaveUp++;
          flags[slot] &= ~OPEN;
          kind |= MARK_GAVE_UP;
        } else {
          timeouts++;
          const wait = 100 * (1 << (attempt - 1)) * draw(seed, id, (attempt << 3) | JITTER);
          events.schedule(now + wait, (id << 7) | (RETRY << 4) | (attempt + 1));
        }
        break;
      case RETRY:
        if (flags[slot] & OPEN) {
          retries++;
          sends = attempt;
        } else {
          staleRetries++;
          kind |= MARK_NO_CHANGE;
        }
        break;
    }

    if (sends > 0) {
      attempts++;
      if (draw(seed, id, (sends << 3) | FORWARD_LOSS) < 0.2) {
        forwardLost++;
      } else {
        const latency = exponential(5, seed, id, (sends << 3) | FORWARD_LATENCY);
        events.schedule(now + latency, (id << 7) | (DELIVER << 4) | sends);
      }
      events.schedule(now + 50, (id << 7) | (TIMEOUT << 4) | sends);
      if (type === ARRIVE && arrivedCount < messages) {
        const gap = exponential(1, seed, arrivedCount, 0);
        events.schedule(now + gap, (arrivedCount << 7) | (ARRIVE << 4));
      }
    } else if (acks) {
      if (draw(seed, id, (attempt << 3) | ACK_LOSS) < 0.1) {
        acksLost++;
      } else {
        const latency = exponential(5, seed, id, (attempt << 3) | ACK_LATENCY);
        events.schedule(now + latency, (id << 7) | (ACK << 4) | attempt);
      }
    }
    if (columns !== null) columns.add(now, id, kind, attempt);
  }

  return {
    events: eventCount,
    attempts,
    forwardLost,
    deliveries,
    duplicates,
    suppressed,
    effects,
    acksLost,
    acksArrived,
    lateAcks,
    timeouts,
    staleTimeouts,
    retries,
    staleRetries,
    gaveUp,
    completed,
    latencyMeanMs: latencySum / completed,
    pendingMax,
    storeMax,
    simEnd: now,
    orderHash,
    trace: columns === null ? null : columns.summary(),
  };
}

const CHUNK_ROWS = 1 << 16;
const ROW_BYTES = 14;

/** The trace: one row per event in chunks of typed arrays, so that growing never copies a row. */
class Columns {
  #chunks = [];
  #rowsInChunk = CHUNK_ROWS;
  #times;
  #messages;
  #kinds;
  #attempts;

  /** @param {number} time @param {number} id @param {number} kind @param {number} attempt */
  add(time, id, kind, attempt) {
    if (this.#rowsInChunk === CHUNK_ROWS) this.#addChunk();
    const row = this.#rowsInChunk++;
    this.#times[row] = time;
    this.#messages[row] = id;
    this.#kinds[row] = kind;
    this.#attempts[row] = attempt;
  }

  #addChunk() {
    const chunk = new ArrayBuffer(CHUNK_ROWS * ROW_BYTES);
    this.#chunks.push(chunk);
    this.#times = new Float64Array(chunk, 0, CHUNK_ROWS);
    this.#messages = new Uint32Array(chunk, CHUNK_ROWS * 8, CHUNK_ROWS);
    this.#kinds = new Uint8Array(chunk, CHUNK_ROWS * 12, CHUNK_ROWS);
    this.#attempts = new Uint8Array(chunk, CHUNK_ROWS * 13, CHUNK_ROWS);
    this.#rowsInChunk = 0;
  }

  summary() {
    const rowCount = (this.#chunks.length - 1) * CHUNK_ROWS + this.#rowsInChunk;
    return { rowCount, byteLength: this.#chunks.length * CHUNK_ROWS * ROW_BYTES };
  }
}
