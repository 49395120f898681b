// Writes the 32-bit words of the keyed generator to standard output, without end, for a statistical
// test suite to read. The argument names the fields of the key that are walked: "c0", "seed+label", …
import { writeSync } from 'node:fs';
import { seedKey, streamKey, type DrawKey } from '../../sim/core/keyed-draws.ts';
import { out, threefry2x32 } from '../../sim/core/threefry.ts';

/** Slowest-changing first: of two fields walked together, the later one runs through 64 values. */
const FIELDS = ['seed', 'label', 'branch', 'c0', 'c1'] as const;
type Field = (typeof FIELDS)[number];
const INNER_VALUES = 64;

const BLOCKS_PER_WRITE = 8192;

function isField(name: string): name is Field {
  return FIELDS.some((field) => field === name);
}

function keyAt(values: Readonly<Record<Field, number>>): DrawKey {
  return streamKey(seedKey(String(values.seed)), `node-${values.label}/request/lost`, values.branch);
}

/** Fills `words` with the blocks that follow block number `first` of the walk; two words a block. */
function makeWalk(walked: readonly Field[]): (words: Uint32Array, first: number) => void {
  const values: Record<Field, number> = { seed: 0, label: 0, branch: 0, c0: 0, c1: 0 };
  const [outer, inner] = FIELDS.filter((field) => walked.includes(field));
  const keyIsWalked = walked.some((field) => field !== 'c0' && field !== 'c1');
  const keyChangesEachTime = inner !== undefined ? inner !== 'c0' && inner !== 'c1' : keyIsWalked;
  let key = keyAt(values);
  return (words, first) => {
    for (let i = 0; i < words.length / 2; i++) {
      const step = first + i;
      const innerValue = step % INNER_VALUES;
      values[outer] = inner === undefined ? step : (step - innerValue) / INNER_VALUES;
      if (inner !== undefined) values[inner] = innerValue;
      if (keyChangesEachTime || (keyIsWalked && innerValue === 0)) key = keyAt(values);
      threefry2x32(key.k0, key.k1, values.c0, values.c1);
      words[2 * i] = out[0];
      words[2 * i + 1] = out[1];
    }
  };
}

/** Writes until the reader has had enough and closes the pipe. */
function emit(walk: (words: Uint32Array, first: number) => void): void {
  const words = new Uint32Array(2 * BLOCKS_PER_WRITE);
  const bytes = new Uint8Array(words.buffer);
  for (let first = 0; ; first += BLOCKS_PER_WRITE) {
    walk(words, first);
    for (let written = 0; written < bytes.length;) written += writeSync(1, bytes, written);
  }
}

const walked = (process.argv[2] ?? '').split('+').filter(isField);
if (walked.length !== 1 && walked.length !== 2) {
  console.error(`Usage: emit-stream FIELD[+FIELD], a FIELD is one of ${FIELDS.join(', ')}`);
  process.exit(2);
}
try {
  emit(makeWalk(walked));
} catch (error) {
  if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
}
