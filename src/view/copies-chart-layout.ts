/**
 * Copies and effects per message, as bars: how many times each message reached the receiver, and how many times it
 * was applied. Where there are more messages than room, a stretch of them.
 */
import { scaleLinear } from 'd3';
import { FACT } from './facts.ts';
import { timesWord } from './marks/belief.ts';
import { rowsOf, type TraceIndex } from './trace-index.ts';

export interface MessageBars {
  readonly message: number;
  /** What the bars say. */
  readonly words: string;
  /** Left edge of the message's room, and its middle. */
  readonly x: number;
  readonly middle: number;
  readonly effects: number;
  /** Tops of the two bars; the bottom is the chart's. */
  readonly deliveriesY: number;
  readonly effectsY: number;
  readonly isLabelled: boolean;
}

export interface CopiesChart {
  readonly bars: readonly MessageBars[];
  readonly barWidth: number;
  readonly slotWidth: number;
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
  /** First and last message shown. */
  readonly from: number;
  readonly until: number;
}

/** Least px for the two bars of one message. */
const SLOT_PX = 16;
const SLOT_MOST_PX = 48;
const LABEL_PX = 22;

/** How many messages a chart of this width shows. */
export function messagesIn(width: number): number {
  return Math.max(1, Math.floor(width / SLOT_PX));
}

/** The first message of the stretch that holds `message`. */
export function stretchStart(message: number, width: number): number {
  const size = messagesIn(width);
  return Math.floor((Math.max(1, message) - 1) / size) * size + 1;
}

interface Input {
  readonly index: TraceIndex;
  readonly from: number;
  readonly width: number;
  /** Room left of the bars for the axis. */
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

export function copiesChart({ index, from, width, left, top, bottom }: Input): CopiesChart {
  const until = Math.min(index.messageCount, from + messagesIn(width - left) - 1);
  const shown = Array.from({ length: Math.max(0, until - from + 1) }, (_, i) => from + i).map((message) => ({
    message,
    deliveries: deliveriesOf(index, message),
    effects: index.effects[message],
  }));
  const most = Math.max(2, ...shown.map(({ deliveries, effects }) => Math.max(deliveries, effects)));
  const y = scaleLinear([0, most], [bottom, top]);
  const slotWidth = Math.min(SLOT_MOST_PX, (width - left) / Math.max(1, shown.length));
  const labelEvery = Math.max(1, Math.ceil(LABEL_PX / slotWidth));
  const bars = shown.map(({ message, deliveries, effects }, i): MessageBars => {
    const x = left + i * slotWidth;
    return {
      message,
      words: `Message ${message}: ${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'}, applied ${timesWord(effects)}`,
      x,
      middle: x + slotWidth / 2,
      effects,
      deliveriesY: y(deliveries),
      effectsY: y(effects),
      isLabelled: i % labelEvery === 0,
    };
  });
  const ticks = y.ticks(Math.min(most, 4)).filter(Number.isInteger);
  return {
    bars,
    barWidth: Math.min(14, Math.max(4, slotWidth * 0.36)),
    slotWidth,
    ticks: ticks.map((count) => ({ y: y(count), label: String(count) })),
    from,
    until,
  };
}

function deliveriesOf(index: TraceIndex, message: number): number {
  let deliveries = 0;
  for (const row of rowsOf(index, message)) if (index.trace.kind[row] === FACT.deliver) deliveries++;
  return deliveries;
}
