// Every run of a random scenario keeps its books: outcomes and beliefs add up, every row has a possible cause,
// every packet put on a link is accounted for, and a run that is done leaves nothing behind.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT, FACT_KINDS, PLACE } from '../../sim/core/fact.ts';
import { EVENT } from '../../sim/engine/event.ts';
import { inOrder } from '../../sim/engine/pending.ts';
import { JOB } from '../../sim/engine/world.ts';
import { run, type RunResult } from '../../sim/run.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import type { Trace } from '../../sim/trace/columns.ts';
import { scenarios } from './arbitrary-scenario.ts';
import { finish, openRun, runs, type OpenRun } from './checks.ts';

const SEED = 20_260_101;

/** Kinds that can be the latest necessary cause of each kind; `null`: nothing in the run caused it. */
const CAUSES: Readonly<Record<(typeof FACT_KINDS)[number], readonly (string | null)[]>> = {
  arrive: [null],
  send: ['arrive', 'timeout', 'reject', 'send'],
  lost: ['send', 'copy', 'answer', 'nack'],
  copy: ['send', 'answer', 'nack'],
  deliver: ['send', 'copy'],
  'turned-away': ['send', 'copy'],
  queue: ['deliver'],
  start: ['deliver'],
  pass: ['deliver', 'start', 'effect', 'execute', 'mark', 'answer'],
  suppress: ['deliver', 'start', 'effect', 'execute', 'mark', 'answer'],
  execute: ['deliver', 'start', 'pass', 'mark', 'answer'],
  effect: ['deliver', 'start', 'pass', 'mark', 'answer'],
  mark: ['deliver', 'start', 'pass', 'effect', 'execute', 'answer'],
  evict: ['mark'],
  answer: ['deliver', 'start', 'pass', 'suppress', 'effect', 'execute', 'mark'],
  nack: ['turned-away'],
  crash: ['deliver', 'start', 'pass', 'suppress', 'effect', 'execute', 'mark', 'answer'],
  restart: ['crash'],
  confirm: ['answer', 'copy'],
  reject: ['nack', 'copy'],
  late: ['answer', 'nack', 'copy'],
  stale: ['answer', 'nack', 'copy'],
  timeout: ['send'],
  'give-up': ['timeout', 'reject'],
  refuse: ['reject'],
  'dead-letter': ['give-up', 'refuse'],
};

/** Causes that are about another message than the row, or about none. */
const CROSSES_MESSAGES = new Set(['evict', 'restart']);

function count(trace: Trace, kind: number, place?: number): number {
  let found = 0;
  for (let row = 0; row < trace.rowCount; row++)
    if (trace.kind[row] === kind && (place === undefined || trace.place[row] === place)) found++;
  return found;
}

function checkMetrics({ metrics, ended, unusedOverrides }: RunResult, trace: Trace): void {
  const { messages, once, lost, duplicated, open, confirmed, refused, inDoubt, gaveUp } = metrics;
  expect(once + lost + duplicated + open).toBe(messages);
  expect(confirmed + refused + inDoubt + gaveUp).toBe(messages);
  if (ended === 'done') expect(open).toBe(0);
  expect(metrics.effects).toBeLessThanOrEqual(metrics.executions);
  expect(metrics.executions).toBeLessThanOrEqual(metrics.deliveries);
  expect(metrics.rows).toBe(trace.rowCount);
  expect(metrics.duplicateDeliveries).toBeLessThanOrEqual(metrics.deliveries);
  expect(metrics.falseDeadLettered).toBeLessThanOrEqual(metrics.deadLettered);
  expect(metrics.deadLettered).toBeLessThanOrEqual(gaveUp + refused);
  expect(metrics.answers).toBe(
    count(trace, FACT.confirm) +
      count(trace, FACT.reject) +
      count(trace, FACT.late) +
      count(trace, FACT.stale),
  );
  expect(count(trace, FACT.confirm)).toBe(confirmed);
  expect(unusedOverrides).toEqual([]);
}

function checkCauses(trace: Trace): void {
  for (let row = 0; row < trace.rowCount; row++) {
    const kind = FACT_KINDS[trace.kind[row]];
    const cause = trace.cause[row];
    if (row > 0 && trace.timeUs[row] < trace.timeUs[row - 1]) expect.fail(`time runs back at row ${row}`);
    if (cause >= row) expect.fail(`row ${row} is caused by row ${cause}, which is not before it`);
    const causeKind = cause < 0 ? null : FACT_KINDS[trace.kind[cause]];
    if (!CAUSES[kind].includes(causeKind)) expect.fail(`row ${row}: "${causeKind}" cannot cause "${kind}"`);
    if (cause >= 0 && !CROSSES_MESSAGES.has(kind) && trace.message[cause] !== trace.message[row])
      expect.fail(`row ${row} is about another message than its cause`);
  }
}

/** Every packet put on a link is lost, arrives, or is in the air when a limit ended the run: each exactly once. */
function checkPackets({ world }: OpenRun, trace: Trace): void {
  const inTheAir = [0, 0];
  for (const { slot } of inOrder(world.queue)) {
    const kind = world.queue.kind(slot);
    if (kind === EVENT.request) inTheAir[0]++;
    if (kind === EVENT.answer || kind === EVENT.nack) inTheAir[1]++;
  }
  expect(count(trace, FACT.send) + count(trace, FACT.copy, PLACE.requestLink)).toBe(
    count(trace, FACT.lost, PLACE.requestLink) +
      count(trace, FACT.deliver) +
      count(trace, FACT.turnedAway) +
      inTheAir[0],
  );
  expect(
    count(trace, FACT.answer) + count(trace, FACT.nack) + count(trace, FACT.copy, PLACE.answerLink),
  ).toBe(
    count(trace, FACT.lost, PLACE.answerLink) +
      count(trace, FACT.confirm) +
      count(trace, FACT.reject) +
      count(trace, FACT.late) +
      count(trace, FACT.stale) +
      inTheAir[1],
  );
}

function checkNothingLeft({ world }: OpenRun): void {
  expect(world.queue.size).toBe(0);
  expect(world.messages.inOrder()).toEqual([]);
  expect(world.receiver.busy).toBe(0);
  expect(world.receiver.waiting.size).toBe(0);
  expect(world.jobs.places.every(({ state }) => state === JOB.free)).toBe(true);
}

describe('accounting', () => {
  it(`random scenarios keep their books [seed ${SEED}]`, () => {
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const plan = planOf(scenario);
        const open = openRun(plan);
        const { trace } = finish(open);
        checkMetrics(run(plan), trace);
        checkCauses(trace);
        checkPackets(open, trace);
        if (open.loop.ended === 'done') checkNothingLeft(open);
      }),
      runs(SEED, 500),
    );
  });

  it(`a limit is never passed, and the one that is met is named [seed ${SEED + 1}]`, () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(scenarios(), (scenario) => {
        const { ended, endedAtUs, metrics } = run(planOf(scenario));
        const { events, time, rows, queue } = scenario.limits;
        met.add(ended);
        expect(metrics.events).toBeLessThanOrEqual(events);
        expect(endedAtUs).toBeLessThanOrEqual(time);
        if (ended === 'events') expect(metrics.events).toBe(events);
        if (ended === 'time') expect(endedAtUs).toBe(time);
        // The event that meets the limit is told to its end: a burst of rows, never one more event.
        if (ended === 'rows') expect(metrics.rows).toBeGreaterThanOrEqual(rows);
        else if (ended !== 'done') expect(metrics.rows).toBeLessThan(rows);
        if (ended === 'queue') expect(queue).toBeLessThan(metrics.deliveries);
      }),
      runs(SEED + 1, 400),
    );
    expect([...met].sort()).toEqual(['done', 'events', 'queue', 'rows', 'time']);
  });
});
