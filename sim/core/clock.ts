/**
 * The one clock of a world. Everything that needs the time holds this object and reads it: a time that is handed from
 * call to call is put into an object of its own each time, which was measured as a tenth of a run.
 */
export class Clock {
  /** Virtual time, µs. */
  nowUs = NaN; // a double from the start, so that it is stored in place

  constructor() {
    this.nowUs = 0;
  }
}
