/** Whole numbers as few bytes, lists of such texts in one buffer, and a set of them. */

/** No bytes. */
export const NOTHING = new Uint8Array(0);

/** Bytes a number takes at most. */
const LONGEST_NUMBER = 10;

/** Writes a whole number of either sign at `at` and answers where the next one goes. */
function writeNumber(bytes: Uint8Array, at: number, whole: number): number {
  let rest = whole < 0 ? -2 * whole - 1 : 2 * whole;
  while (rest >= 128) {
    bytes[at++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  bytes[at++] = rest;
  return at;
}

function writeWord(bytes: Uint8Array, at: number, word: number): void {
  bytes[at] = word & 255;
  bytes[at + 1] = (word >> 8) & 255;
  bytes[at + 2] = (word >> 16) & 255;
  bytes[at + 3] = word >>> 24;
}

function readWord(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/** Writes whole numbers of either sign, small ones in one byte: seven bits a byte, sign in the lowest bit. */
export class NumberWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  clear(): void {
    this.length = 0;
  }

  add(whole: number): void {
    if (this.length + LONGEST_NUMBER > this.bytes.length) this.grow();
    this.length = writeNumber(this.bytes, this.length, whole);
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

  /** Takes up bytes, from `at` on. */
  open(bytes: Uint8Array, at = 0): void {
    this.bytes = bytes;
    this.at = at;
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

  /** An int32 that stands there as four bytes. */
  nextWord(): number {
    const word = readWord(this.bytes, this.at);
    this.at += 4;
    return word;
  }
}

/** Bytes that hold the length of a text. */
const HEADER = 4;

/** Texts of bytes one after the other, each behind its length. */
export class ByteList {
  /** The list whose content these bytes are, to be read only. */
  static of(content: Uint8Array): ByteList {
    const list = new ByteList();
    list.bytes = content;
    list.end = content.length;
    return list;
  }

  bytes: Uint8Array = new Uint8Array(256);
  /** Where the first text begins that is still wanted. */
  start = 0;
  /** Where the next text goes. */
  end = 0;

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  /** Begins a text, to be filled by `addNumber` and `addBytes` and closed by `endText`; answers where it begins. */
  beginText(): number {
    const at = this.end;
    this.reserve(HEADER);
    this.end += HEADER;
    return at;
  }

  addNumber(whole: number): void {
    this.reserve(LONGEST_NUMBER);
    this.end = writeNumber(this.bytes, this.end, whole);
  }

  /** An int32 as four bytes: `NumberReader.nextWord` reads it. For numbers that are mostly large. */
  addWord(word: number): void {
    this.reserve(4);
    writeWord(this.bytes, this.end, word);
    this.end += 4;
  }

  addBytes(part: Uint8Array): void {
    this.reserve(part.length);
    this.bytes.set(part, this.end);
    this.end += part.length;
  }

  /** Closes the text that begins at `at`. */
  endText(at: number): void {
    writeWord(this.bytes, at, this.end - at - HEADER);
  }

  /** Appends a text and answers where it begins. */
  push(text: Uint8Array): number {
    const at = this.beginText();
    this.addBytes(text);
    this.endText(at);
    return at;
  }

  private reserve(more: number): void {
    if (this.end + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.end + more, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }

  /** The text that begins at `at`; a view, good until the next push. */
  at(at: number): Uint8Array {
    return this.bytes.subarray(at + HEADER, this.after(at));
  }

  /** Where the content of the text at `at` begins; it ends where the next text begins. */
  contentAt(at: number): number {
    return at + HEADER;
  }

  /** Where the text after the one at `at` begins. */
  after(at: number): number {
    return at + HEADER + readWord(this.bytes, at);
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

  /** Puts a text in, of which `hash` is the hash; answers its number if it is new, and −1 − number if it was there. */
  add(text: Uint8Array, hash = hashOf(text)): number {
    const { places, hashes } = this;
    const mask = places.length - 1;
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

/** Spreads texts over places, and in any order states over workers. An int32. */
export function hashOf(text: Uint8Array): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text[i], 0x9e3779b1) ^ (hash >>> 15);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
