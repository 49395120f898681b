// Memory of untraced runs of growing length: it must follow what is in flight and what the dedup store
// remembers, not the number of messages. Each run has a process of its own, for its own peak.
//   npm run bench -- memory [--sizes 100000,1000000,10000000]
import { parseArgs } from 'node:util';
import { planStandardWorkload, runEngine } from './engine.ts';
import { countOption, inChild, printTable, showTarget, timed } from './measure.ts';

const MIB = 2 ** 20;
const SLICE_EVENTS = 50_000;
/** Resident memory over a process that runs nothing, at 60,000 remembered ids. */
const RESIDENT_MIB_AT_MOST = 32;
/** From the longest run but one to the longest. */
const GROWTH_MIB_AT_MOST = 10;

interface Sample {
  readonly residentPeakMib: number;
  /** Peak of heap and array buffers, looked at between slices. */
  readonly heldPeakMib: number;
  readonly events: number;
  readonly dedupPeak: number;
  readonly cpuSeconds: number;
}

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100000,1000000,10000000' },
    child: { type: 'string' },
  },
});

if (values.child === undefined) {
  printGrowth(values.sizes.split(',').map((size) => countOption('sizes', size)));
} else {
  console.log(JSON.stringify(sample(Number(values.child))));
}

function printGrowth(sizes: readonly number[]): void {
  const bare = inChild<Sample>(0);
  const samples = sizes.map((messages) => inChild<Sample>(messages));
  printTable(
    ['messages', 'events', 'peak RSS MiB', 'over bare', 'peak held MiB', 'store', 'ns/event'],
    samples.map((run, index) => [
      sizes[index].toLocaleString('en'),
      run.events.toLocaleString('en'),
      run.residentPeakMib.toFixed(1),
      (run.residentPeakMib - bare.residentPeakMib).toFixed(1),
      run.heldPeakMib.toFixed(1),
      run.dedupPeak.toLocaleString('en'),
      ((run.cpuSeconds / run.events) * 1e9).toFixed(0),
    ]),
  );
  const last = samples[samples.length - 1];
  const over = last.residentPeakMib - bare.residentPeakMib;
  console.log('');
  console.log(
    `longest run over a bare process (${bare.residentPeakMib.toFixed(1)} MiB): ${over.toFixed(1)} MiB, ${showTarget(over, { atMost: RESIDENT_MIB_AT_MOST })}`,
  );
  if (samples.length < 2) return;
  const growth = last.residentPeakMib - samples[samples.length - 2].residentPeakMib;
  console.log(
    `growth to the longest run: ${growth.toFixed(1)} MiB, ${showTarget(growth, { atMost: GROWTH_MIB_AT_MOST })}`,
  );
}

/** Runs that many messages; 0 runs nothing. */
function sample(messages: number): Sample {
  let heldPeak = 0;
  const look = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heldPeak = Math.max(heldPeak, heapUsed + arrayBuffers);
  };
  look();
  const { value, cpuSeconds } = timed(() => {
    if (messages === 0) return null;
    const plan = planStandardWorkload(messages);
    return runEngine(plan, { trace: false, slices: { events: SLICE_EVENTS, onSlice: look } }).metrics;
  });
  look();
  return {
    residentPeakMib: process.resourceUsage().maxRSS / 1024,
    heldPeakMib: heldPeak / MIB,
    events: value?.events ?? 0,
    dedupPeak: value?.dedupPeak ?? 0,
    cpuSeconds,
  };
}
