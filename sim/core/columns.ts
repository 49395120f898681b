/** Growing columns: typed arrays twice as long, with what they held. */

export function ints(old: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * old.length);
  larger.set(old);
  return larger;
}

export function bytes(old: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * old.length);
  larger.set(old);
  return larger;
}

export function doubles(old: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * old.length);
  larger.set(old);
  return larger;
}
