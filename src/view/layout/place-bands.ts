/** Conditions as bands: outages of a link over the network, a receiver that is down on its lane. */
import { hopOf } from '../../../sim/scenario/hop.ts';
import type { Scenario } from '../../../sim/scenario/schema.ts';
import { FACT } from '../facts.ts';
import type { TraceIndex } from '../trace-index.ts';
import { wordsPx, type Frame } from './frame.ts';
import type { BandMark } from './marks.ts';

interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly words: string;
}

const MOST_BANDS = 200;

export function placeBands(frame: Frame, index: TraceIndex, scenario: Scenario, endUs: number): BandMark[] {
  const { lanes } = frame;
  const middle = (lanes.sender + lanes.receiver) / 2;
  const network = lanes.receiver - lanes.sender - (frame.isVertical ? 14 : 28);
  return [
    ...bands(frame, 'outage', linkOutages(scenario), middle - (frame.isVertical ? 7 : 14), network),
    ...bands(
      frame,
      'crash',
      receiverDown(index, scenario, endUs),
      lanes.receiver,
      frame.isVertical ? 18 : 26,
    ),
  ];
}

/** Outages of the two links; one band where both are out together. */
function linkOutages(scenario: Scenario): Stretch[] {
  const { requestLink, answerLink } = hopOf(scenario);
  const key = ({ from, for: lasts }: { from: number; for: number }) => `${from} ${lasts}`;
  const there = new Set(requestLink.outages.map(key));
  const back = new Set(answerLink.outages.map(key));
  const stretch = (outage: { from: number; for: number }, words: string) => ({
    fromUs: outage.from,
    untilUs: outage.from + outage.for,
    words,
  });
  return [
    ...requestLink.outages.map((outage) =>
      stretch(outage, back.has(key(outage)) ? 'outage' : 'requests cut'),
    ),
    ...answerLink.outages
      .filter((outage) => !there.has(key(outage)))
      .map((outage) => stretch(outage, 'answers cut')),
  ].sort((a, b) => a.fromUs - b.fromUs);
}

function receiverDown({ trace, crashRows }: TraceIndex, scenario: Scenario, endUs: number): Stretch[] {
  const down = hopOf(scenario).consumer.outages.map(({ from, for: lasts }) => ({
    fromUs: from,
    untilUs: from + lasts,
    words: 'receiver down',
  }));
  crashRows.forEach((row, i) => {
    if (trace.kind[row] !== FACT.crash) return;
    const back = crashRows[i + 1];
    down.push({
      fromUs: trace.timeUs[row],
      untilUs: back === undefined ? endUs : trace.timeUs[back],
      words: 'receiver down',
    });
  });
  return down.sort((a, b) => a.fromUs - b.fromUs);
}

function bands(
  frame: Frame,
  kind: BandMark['kind'],
  stretches: readonly Stretch[],
  across: number,
  thickness: number,
): BandMark[] {
  const { axis, t, box, point, lanes, isVertical } = frame;
  const found: BandMark[] = [];
  let labelFree = -Infinity;
  for (const { fromUs, untilUs, words } of stretches) {
    if (untilUs < axis.startUs || fromUs > axis.endUs || found.length >= MOST_BANDS) continue;
    const from = t(fromUs);
    const until = Math.max(from + 2, t(untilUs));
    const middle = (Math.max(from, frame.from) + Math.min(until, frame.until)) / 2;
    const half = isVertical ? 9 : wordsPx(words) / 2 + 4;
    const isSaid = middle - half > labelFree;
    if (isSaid) labelFree = middle + half;
    const side = isVertical
      ? lanes.receiver - 13
      : kind === 'outage'
        ? lanes.receiver - 30
        : lanes.receiver + 26;
    const at = isVertical ? point(middle + 4, side) : point(middle, side);
    const label = { at, anchor: isVertical ? 'end' : 'middle' } as const;
    found.push({
      id: `${kind} ${fromUs} ${words}`,
      kind,
      rect: box(from, until, across, thickness),
      words: isSaid ? words : '',
      label,
      from,
      until,
    });
  }
  return found;
}
