/**
 * Copies and effects per message, as bars: how many times each message reached the receiver, and how many times it
 * was applied. Where there are more messages than room, a stretch of them.
 */
import { scaleLinear } from 'd3';
import type { Trace } from '../../sim/trace/columns.ts';
import { FACT } from './facts.ts';

/** Per message, 1-based: `deliveries[m]`. */
export interface MessageCounts {
  readonly messageCount: number;
  readonly deliveries: Int32Array;
  readonly effects: Int32Array;
}

export interface MessageBars {
  readonly message: number;
  /** Left edge of the message's room, and its middle. */
  readonly x: number;
  readonly middle: number;
  readonly deliveries: number;
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

export function countMessages(trace: Trace): MessageCounts {
  const { rowCount, kind, message } = trace;
  let messageCount = 0;
  for (let row = 0; row < rowCount; row++) messageCount = Math.max(messageCount, message[row]);
  const deliveries = new Int32Array(messageCount + 1);
  const effects = new Int32Array(messageCount + 1);
  for (let row = 0; row < rowCount; row++) {
    if (kind[row] === FACT.deliver) deliveries[message[row]]++;
    else if (kind[row] === FACT.effect) effects[message[row]]++;
  }
  return { messageCount, deliveries, effects };
}

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
  readonly counts: MessageCounts;
  readonly from: number;
  readonly width: number;
  /** Room left of the bars for the axis. */
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

export function copiesChart({ counts, from, width, left, top, bottom }: Input): CopiesChart {
  const { messageCount, deliveries, effects } = counts;
  const until = Math.min(messageCount, from + messagesIn(width - left) - 1);
  const shown = Array.from({ length: Math.max(0, until - from + 1) }, (_, index) => from + index);
  const most = Math.max(2, ...shown.map((message) => Math.max(deliveries[message], effects[message])));
  const y = scaleLinear([0, most], [bottom, top]);
  const slotWidth = Math.min(SLOT_MOST_PX, (width - left) / Math.max(1, shown.length));
  const labelEvery = Math.max(1, Math.ceil(LABEL_PX / slotWidth));
  const bars = shown.map((message, index): MessageBars => {
    const x = left + index * slotWidth;
    return {
      message,
      x,
      middle: x + slotWidth / 2,
      deliveries: deliveries[message],
      effects: effects[message],
      deliveriesY: y(deliveries[message]),
      effectsY: y(effects[message]),
      isLabelled: index % labelEvery === 0,
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
