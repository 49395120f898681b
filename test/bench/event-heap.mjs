// The future event list of the floor: a binary heap, stable (events of equal time come out in the order they were
// scheduled). The standard workload has about 110 pending at a time; it grows when there are more.

const FIRST_CAPACITY = 1024;

/** A heap of (time, slot). What an event carries waits in its slot, so a move inside the heap is 12 bytes. */
export class EventHeap {
  /** Events scheduled and not yet taken. */
  pendingCount = 0;

  #scheduledCount = 0;
  // One entry past the end is always Infinity, so that a parent may look at two children.
  #times = new Float64Array(FIRST_CAPACITY + 1).fill(Infinity);
  #slots = new Int32Array(FIRST_CAPACITY + 1);
  #payloads = new Int32Array(FIRST_CAPACITY);
  #sequences = new Int32Array(FIRST_CAPACITY);
  #freeSlots = new Int32Array(FIRST_CAPACITY);
  #freeCount = 0;
  #slotCount = 0;

  /** Adds an event. @param {number} time @param {number} payload */
  schedule(time, payload) {
    if (this.pendingCount === this.#payloads.length) this.#grow();
    let index = this.pendingCount++;
    const slot = this.#freeCount > 0 ? this.#freeSlots[--this.#freeCount] : this.#slotCount++;
    this.#payloads[slot] = payload;
    this.#sequences[slot] = this.#scheduledCount++;
    const times = this.#times;
    const slots = this.#slots;
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

  /** The time of the earliest event. */
  get nextTime() {
    return this.#times[0];
  }

  /** Takes the earliest event and returns its payload. */
  takeNext() {
    const slot = this.#slots[0];
    const last = --this.pendingCount;
    const lastTime = this.#times[last];
    this.#times[last] = Infinity;
    this.#sink(lastTime, this.#slots[last]);
    this.#freeSlots[this.#freeCount++] = slot;
    return this.#payloads[slot];
  }

  #grow() {
    const capacity = 2 * this.#payloads.length;
    const times = new Float64Array(capacity + 1).fill(Infinity);
    times.set(this.#times);
    this.#times = times;
    this.#slots = enlarged(this.#slots, capacity + 1);
    this.#payloads = enlarged(this.#payloads, capacity);
    this.#sequences = enlarged(this.#sequences, capacity);
    this.#freeSlots = enlarged(this.#freeSlots, capacity);
  }

  /** @param {number} time @param {number} slot */
  #sink(time, slot) {
    const times = this.#times;
    const slots = this.#slots;
    const sequences = this.#sequences;
    const parentCount = this.pendingCount >> 1;
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

/** @param {Int32Array} old @param {number} length */
function enlarged(old, length) {
  const larger = new Int32Array(length);
  larger.set(old);
  return larger;
}
