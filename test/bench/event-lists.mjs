// The two future event lists the floor can run on. Both are stable: events of equal time come out in
// the order they were scheduled. They are tuned for the standard workload (about 110 pending events)
// and keep no more than `CAPACITY` of them.

const CAPACITY = 4096;

/**
 * A binary heap of (time, slot). What an event carries waits in its slot, so a move inside the heap
 * is 12 bytes. The root taken by `takeNext` stays open until the next call: most handlers schedule
 * something at once, and that event sinks in from the top, which saves moving the last one up and
 * down again.
 */
export class HeapList {
  /** Events scheduled and not yet taken. */
  pendingCount = 0;
  /** One cell: the time of the event taken last, or about to be scheduled. */
  time = new Float64Array(1);

  #heapSize = 0;
  #rootIsOpen = false;
  #scheduledCount = 0;
  // One entry past the end is always Infinity, so that a parent may look at two children.
  #times = new Float64Array(CAPACITY + 1).fill(Infinity);
  #slots = new Int32Array(CAPACITY + 1);
  #payloads = new Int32Array(CAPACITY);
  #sequences = new Int32Array(CAPACITY);
  #freeSlots = Int32Array.from({ length: CAPACITY }, (_, slot) => slot);

  /** Adds an event at `time[0]`. @param {number} payload */
  schedule(payload) {
    const time = this.time[0];
    if (this.pendingCount === CAPACITY) throw new RangeError(`more than ${CAPACITY} pending events`);
    const slot = this.#freeSlots[this.pendingCount++];
    this.#payloads[slot] = payload;
    this.#sequences[slot] = this.#scheduledCount++;
    if (this.#rootIsOpen) {
      this.#rootIsOpen = false;
      this.#sink(time, slot);
      return;
    }
    const times = this.#times;
    const slots = this.#slots;
    let index = this.#heapSize++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const parentTime = times[parent];
      if (parentTime <= time) break; // equal times: the earlier scheduled stays ahead
      times[index] = parentTime;
      slots[index] = slots[parent];
      index = parent;
    }
    times[index] = time;
    slots[index] = slot;
  }

  /** Takes the earliest event, leaves its time in `time` and returns its payload. */
  takeNext() {
    if (this.#rootIsOpen) {
      const last = --this.#heapSize;
      const time = this.#times[last];
      this.#times[last] = Infinity;
      this.#sink(time, this.#slots[last]);
    }
    this.#rootIsOpen = true;
    this.time[0] = this.#times[0];
    const slot = this.#slots[0];
    this.#freeSlots[--this.pendingCount] = slot;
    return this.#payloads[slot];
  }

  /** @param {number} time @param {number} slot */
  #sink(time, slot) {
    const times = this.#times;
    const slots = this.#slots;
    const sequences = this.#sequences;
    const parentCount = this.#heapSize >> 1;
    let index = 0;
    while (index < parentCount) {
      const left = 2 * index + 1;
      const leftTime = times[left];
      const rightTime = times[left + 1];
      // Arithmetic, because a branch on which child is smaller is mispredicted every second time.
      let child = left + Number(rightTime < leftTime);
      if (leftTime === rightTime && sequences[slots[left + 1]] < sequences[slots[left]]) {
        child = left + 1;
      }
      const childTime = times[child];
      if (childTime > time) break;
      if (childTime === time && sequences[slots[child]] > sequences[slot]) break;
      times[index] = childTime;
      slots[index] = slots[child];
      index = child;
    }
    times[index] = time;
    slots[index] = slot;
  }
}

const BUCKETS_PER_MS = 8;
const BUCKET_MS = 1 / BUCKETS_PER_MS;
const BUCKET_COUNT = 1024;
const BUCKET_MASK = BUCKET_COUNT - 1;
/** Slot 0 ends every chain: its time is Infinity, so no loop needs to ask whether a chain has ended. */
const END = 0;

/**
 * A calendar: a turning wheel of 1024 buckets of 1/8 ms, each a chain of events in order of time. An
 * event more than a turn (128 ms) ahead waits at the back of its chain until its own turn. Width and
 * count suit the standard workload's density of six events a millisecond; a general list would have
 * to adapt them.
 */
export class CalendarList {
  /** Events scheduled and not yet taken. */
  pendingCount = 0;
  /** One cell: the time of the event taken last, or about to be scheduled. */
  time = new Float64Array(1);

  #bucket = 0;
  #heads = new Int32Array(BUCKET_COUNT); // all END
  #times = new Float64Array(CAPACITY).fill(Infinity);
  #payloads = new Int32Array(CAPACITY);
  // The chain through a bucket, and of the unused slots: 1, 2, ... CAPACITY - 1, END.
  #nexts = Int32Array.from({ length: CAPACITY }, (_, slot) => (slot + 1) % CAPACITY);
  #firstFree = 1;

  /** Adds an event at `time[0]`. @param {number} payload */
  schedule(payload) {
    const time = this.time[0];
    const times = this.#times;
    const nexts = this.#nexts;
    const slot = this.#firstFree;
    if (slot === END) throw new RangeError(`more than ${CAPACITY - 1} pending events`);
    this.#firstFree = nexts[slot];
    this.pendingCount++;
    times[slot] = time;
    this.#payloads[slot] = payload;

    const bucket = (time * BUCKETS_PER_MS) & BUCKET_MASK;
    let before = this.#heads[bucket];
    if (time < times[before]) {
      nexts[slot] = before;
      this.#heads[bucket] = slot;
      return;
    }
    let after = nexts[before];
    while (times[after] <= time) {
      // equal times: the earlier scheduled stays ahead
      before = after;
      after = nexts[before];
    }
    nexts[before] = slot;
    nexts[slot] = after;
  }

  /** Takes the earliest event, leaves its time in `time` and returns its payload. */
  takeNext() {
    const heads = this.#heads;
    const times = this.#times;
    let bucket = this.#bucket;
    let bucketEnd = (bucket + 1) * BUCKET_MS;
    let slot = heads[bucket & BUCKET_MASK];
    while (times[slot] >= bucketEnd) {
      bucket++;
      bucketEnd += BUCKET_MS; // exact: a multiple of a power of two
      slot = heads[bucket & BUCKET_MASK];
    }
    this.#bucket = bucket;
    heads[bucket & BUCKET_MASK] = this.#nexts[slot];
    this.#nexts[slot] = this.#firstFree;
    this.#firstFree = slot;
    this.pendingCount--;
    this.time[0] = times[slot];
    return this.#payloads[slot];
  }
}
