/**
 * What the rows count: what happened to each message, and companions. A companion is the direct estimate of one
 * parameter from one run, such as requests lost of requests sent: itself a closed form, and far sharper than what the
 * parameter does to the fate of messages. It pins the parameter; how the parts add up is for the other quantities.
 */
import { CRASH_POINTS, FACT, LOSS_REASONS, PLACE, type CrashPoint } from '../../sim/core/fact.ts';
import { packetName } from '../../sim/core/packet-name.ts';
import { exactly, us, type Sample, type Watcher } from './lab.ts';

const BY_CHANCE = LOSS_REASONS.indexOf('loss');
const FIRST = packetName(1);

/** Collects row by row; messages are 1 … `messages`. */
export class Tally implements Watcher {
  readonly messages: number;
  readonly attempts: Uint16Array;
  readonly copies: Uint16Array;
  readonly effects: Uint16Array;
  readonly gaveUp: Uint8Array;
  readonly confirmed: Uint8Array;
  readonly bornUs: Float64Array;
  /** First delivery; Infinity for never. */
  readonly landedUs: Float64Array;
  /** Packet of the first delivery. */
  readonly landedPacket: Int32Array;

  requests = 0;
  requestsLost = 0;
  /** Lost to an outage: chance had no say. */
  requestsCut = 0;
  requestsCopied = 0;
  answers = 0;
  answersLost = 0;
  /** How often each step really ran, and how often the process died right after it; by CRASH_POINTS. */
  readonly steps = new Float64Array(CRASH_POINTS.length);
  readonly crashes = new Float64Array(CRASH_POINTS.length);
  /** Longest time from a first send to a later one of its message. */
  horizonUs = 0;
  /** Longest time from a last send to giving up. */
  lastWaitUs = 0;
  /** How long the first request of a message was under way, and the answer to it. */
  readonly requestDelay = new Moments();
  readonly answerDelay = new Moments();
  /** From the arrival of the first copy to its effect. */
  readonly processing = new Moments();

  private readonly lastSentUs: Float64Array;
  private readonly answeredUs: Float64Array;

  constructor(messages: number) {
    this.messages = messages;
    this.attempts = new Uint16Array(messages + 1);
    this.copies = new Uint16Array(messages + 1);
    this.effects = new Uint16Array(messages + 1);
    this.gaveUp = new Uint8Array(messages + 1);
    this.confirmed = new Uint8Array(messages + 1);
    this.bornUs = new Float64Array(messages + 1);
    this.landedUs = new Float64Array(messages + 1).fill(Infinity);
    this.landedPacket = new Int32Array(messages + 1);
    this.lastSentUs = new Float64Array(messages + 1);
    this.answeredUs = new Float64Array(messages + 1);
  }

  see(timeUs: number, kind: number, message: number, place: number, detail: number, packet: number): void {
    switch (kind) {
      case FACT.arrive:
        this.bornUs[message] = timeUs;
        break;
      case FACT.send:
        this.requests++;
        this.attempts[message]++;
        this.lastSentUs[message] = timeUs;
        this.horizonUs = Math.max(this.horizonUs, timeUs - this.bornUs[message]);
        break;
      case FACT.lost:
        if (place === PLACE.answerLink) this.answersLost++;
        else if (detail === BY_CHANCE) this.requestsLost++;
        else this.requestsCut++;
        break;
      case FACT.copy:
        this.requestsCopied++;
        break;
      case FACT.deliver:
        this.steps[0]++;
        if (packet === FIRST) this.requestDelay.add((timeUs - this.bornUs[message]) / us(1));
        if (this.copies[message]++ === 0) {
          this.landedUs[message] = timeUs;
          this.landedPacket[message] = packet;
        }
        break;
      case FACT.pass:
      case FACT.suppress:
        this.steps[1]++;
        break;
      case FACT.effect:
        this.steps[2]++;
        this.effects[message]++;
        if (packet === this.landedPacket[message])
          this.processing.add((timeUs - this.landedUs[message]) / us(1));
        break;
      case FACT.mark:
        this.steps[3]++;
        break;
      case FACT.answer:
        this.steps[4]++;
        this.answers++;
        if (packet === FIRST) this.answeredUs[message] = timeUs;
        break;
      case FACT.crash:
        this.crashes[detail]++;
        break;
      case FACT.confirm:
        this.confirmed[message] = 1;
        this.answered(timeUs, message, packet);
        break;
      case FACT.late:
      case FACT.stale:
        this.answered(timeUs, message, packet);
        break;
      case FACT.giveUp:
        this.gaveUp[message] = 1;
        this.lastWaitUs = Math.max(this.lastWaitUs, timeUs - this.lastSentUs[message]);
        break;
    }
  }

  private answered(timeUs: number, message: number, packet: number): void {
    if (packet === FIRST) this.answerDelay.add((timeUs - this.answeredUs[message]) / us(1));
  }
}

class Moments {
  private count = 0;
  private total = 0;
  private squares = 0;

  add(value: number): void {
    this.count++;
    this.total += value;
    this.squares += value * value;
  }

  get mean(): Sample {
    const mean = this.total / this.count;
    const variance = (this.squares - this.count * mean * mean) / (this.count - 1);
    return { kind: 'mean', mean, standardError: Math.sqrt(variance / this.count), of: this.count };
  }
}

// ── companions ───────────────────────────────────────────────────────────────────────────────────────────────────
// Each is a proportion of trials of which every one was drawn for itself: that it took place at all depends only on
// what was drawn before it. So the closed form is the parameter, whatever the protocol around it does.

/** p: requests lost by chance, of those that met no outage. */
export function lostPerRequest({ requestsLost, requests, requestsCut }: Tally): Sample {
  return { kind: 'proportion', hits: requestsLost, of: requests - requestsCut };
}

/** q: answers lost, of those sent. */
export function lostPerAnswer({ answersLost, answers }: Tally): Sample {
  return { kind: 'proportion', hits: answersLost, of: answers };
}

/** u: requests that the network copied, of those that survived. */
export function copiedPerSurvivor({ requestsCopied, requests, requestsLost }: Tally): Sample {
  return { kind: 'proportion', hits: requestsCopied, of: requests - requestsLost };
}

/** c: crashes right after a step, of the times that step ran; for `start`, of the crashes before the first step. */
export function crashesAfter({ crashes, steps }: Tally, point: CrashPoint): Sample {
  const index = CRASH_POINTS.indexOf(point);
  return { kind: 'proportion', hits: crashes[index], of: steps[index] };
}

/** τₙ, exact when some message makes every attempt and waits have no jitter. */
export const horizon = (tally: Tally): Sample => exactly(tally.horizonUs / us(1));
