/** Whole numbers as few bytes, lists of such texts in one buffer, and a set of them. */

/** Writes whole numbers of either sign, small ones in one byte: seven bits a byte, sign in the lowest bit. */
export class NumberWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  clear(): void {
    this.length = 0;
  }

  add(whole: number): void {
    if (this.length + 10 > this.bytes.length) this.grow();
    let rest = whole < 0 ? -2 * whole - 1 : 2 * whole;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  addAll(numbers: readonly number[]): void {
    for (let i = 0; i < numbers.length; i++) this.add(numbers[i]);
  }

  /** What was written: a view, good until the writer is used again. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private grow(): void {
    const larger = new Uint8Array(2 * this.bytes.length);
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads what a NumberWriter wrote, number by number. */
export class NumberReader {
  private bytes: Uint8Array = NOTHING;
  /** Where the next number begins. */
  at = 0;

  /** Takes up a text from its beginning. */
  open(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
  }

  get isDone(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return byte & 1 ? -(byte + 1) / 2 : byte >> 1;
    let value = 0;
    let scale = 1;
    for (; byte >= 128; byte = bytes[this.at++]) {
      value += (byte - 128) * scale;
      scale *= 128;
    }
    value += byte * scale;
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

const NOTHING = new Uint8Array(0);

/** Texts of bytes one after the other, each behind its length. */
export class ByteList {
  /** The list whose content these bytes are, to be read only. */
  static of(content: Uint8Array): ByteList {
    const list = new ByteList();
    list.bytes = content;
    list.end = content.length;
    return list;
  }

  count = 0;
  bytes: Uint8Array = new Uint8Array(256);
  /** Where the first text begins that is still wanted. */
  start = 0;
  /** Where the next text goes. */
  end = 0;

  /** Appends a text, given in parts, and answers where it begins. */
  push(...parts: readonly Uint8Array[]): number {
    let length = 0;
    for (const part of parts) length += part.length;
    const at = this.end;
    this.end += 4 + length;
    if (this.end > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.end, Math.ceil(1.5 * this.bytes.length)));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    const { bytes } = this;
    bytes[at] = length & 255;
    bytes[at + 1] = (length >> 8) & 255;
    bytes[at + 2] = (length >> 16) & 255;
    let next = at + 4;
    for (const part of parts) {
      bytes.set(part, next);
      next += part.length;
    }
    this.count++;
    return at;
  }

  /** The text that begins at `at`; a view, good until the next push. */
  at(at: number): Uint8Array {
    return this.bytes.subarray(at + 4, at + 4 + this.lengthAt(at));
  }

  /** Where the text after the one at `at` begins. */
  after(at: number): number {
    return at + 4 + this.lengthAt(at);
  }

  private lengthAt(at: number): number {
    return this.bytes[at] | (this.bytes[at + 1] << 8) | (this.bytes[at + 2] << 16);
  }
}

/** Texts stand in blocks of this many bytes, none across two: what is there is never copied to make room. */
const BLOCK = 1 << 20;

/** A set of texts of bytes, numbered in the order they came; compared in full, so that nothing is merged by chance. */
export class ByteSet {
  /** Texts in the set. */
  size = 0;

  private readonly blocks = [new Uint8Array(BLOCK)];
  /** Where the next text goes, counted over all blocks. */
  private end = 0;
  /** Where each text begins and how long it is, and its hash, by number. */
  private starts = new Float64Array(512);
  private lengths = new Int32Array(512);
  private hashes = new Int32Array(512);
  /** Number + 1 of the text at each place, 0 for none. */
  private places = new Int32Array(1024);

  /** Bytes in use. */
  get byteLength(): number {
    const perText = this.starts.byteLength + this.lengths.byteLength + this.hashes.byteLength;
    return BLOCK * this.blocks.length + perText + this.places.byteLength;
  }

  /** Puts a text in; answers its number if it is new, and −1 − number if it was there. */
  add(text: Uint8Array): number {
    const { places, hashes } = this;
    const mask = places.length - 1;
    const hash = hashOf(text) | 0;
    let place = hash & mask;
    for (let found = places[place]; found !== 0; found = places[place]) {
      if (hashes[found - 1] === hash && this.holds(found - 1, text)) return -found;
      place = (place + 1) & mask;
    }
    const number = this.append(text, hash);
    places[place] = this.size;
    if (2 * this.size >= places.length) this.grow();
    return number;
  }

  private holds(number: number, text: Uint8Array): boolean {
    if (this.lengths[number] !== text.length) return false;
    const start = this.starts[number];
    const block = this.blocks[Math.floor(start / BLOCK)];
    const from = start % BLOCK;
    for (let i = 0; i < text.length; i++) if (block[from + i] !== text[i]) return false;
    return true;
  }

  private append(text: Uint8Array, hash: number): number {
    if (text.length > BLOCK) throw new RangeError(`a text of ${text.length} bytes, more than ${BLOCK}`);
    const last = this.blocks.length * BLOCK;
    if (this.end + text.length > last) {
      this.blocks.push(new Uint8Array(BLOCK));
      this.end = last;
    }
    this.blocks[this.blocks.length - 1].set(text, this.end % BLOCK);
    const number = this.size++;
    this.starts[number] = this.end;
    this.lengths[number] = text.length;
    this.hashes[number] = hash;
    this.end += text.length;
    return number;
  }

  /** Twice as many places, and room for half as many texts. */
  private grow(): void {
    const places = new Int32Array(2 * this.places.length);
    const mask = places.length - 1;
    for (let number = 0; number < this.size; number++) {
      let place = this.hashes[number] & mask;
      while (places[place] !== 0) place = (place + 1) & mask;
      places[place] = number + 1;
    }
    this.places = places;
    const starts = new Float64Array(places.length / 2);
    starts.set(this.starts);
    this.starts = starts;
    const lengths = new Int32Array(places.length / 2);
    lengths.set(this.lengths);
    this.lengths = lengths;
    const hashes = new Int32Array(places.length / 2);
    hashes.set(this.hashes);
    this.hashes = hashes;
  }
}

/** Spreads texts over places; also which worker looks after a state. */
export function hashOf(text: Uint8Array): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text[i], 0x9e3779b1) ^ (hash >>> 15);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
