/** Places the story of one message: sender row, packets, work, keys, effects. Faults are placed together, elsewhere. */
import { attemptName } from '../row-words.ts';
import { wordsPx, type Frame } from './frame.ts';
import type { Moment, MessageStory, PacketStory } from './message-story.ts';
import type {
  BadgeMark,
  BeliefMark,
  BlockMark,
  DiamondMark,
  DoubtPlace,
  EffectMark,
  LabelMark,
  LineMark,
  PacketMark,
  TickMark,
} from './marks.ts';

/** What one message adds; the lists grow from message to message. */
export interface Drawing {
  readonly packets: PacketMark[];
  readonly badges: BadgeMark[];
  readonly lines: LineMark[];
  readonly ticks: TickMark[];
  readonly beliefs: BeliefMark[];
  readonly blocks: BlockMark[];
  readonly diamonds: DiamondMark[];
  readonly effects: EffectMark[];
  readonly labels: LabelMark[];
  readonly doubts: DoubtPlace[];
}

export function emptyDrawing(): Drawing {
  return {
    packets: [],
    badges: [],
    lines: [],
    ticks: [],
    beliefs: [],
    blocks: [],
    diamonds: [],
    effects: [],
    labels: [],
    doubts: [],
  };
}

/** Where a message was seated, -1 where there was no room. */
export interface Seats {
  readonly senderRow: number;
  readonly storeRow: number;
  /** Whether its waits and pauses are labelled: the message in focus, or the first to show one. */
  readonly isLabelled: boolean;
}

const BADGE_PX = 16;
const END_PX = 7;

export function badgeWidth(words: string): number {
  return Math.max(BADGE_PX, Math.ceil(wordsPx(words) + 8));
}

export function placeMessage(frame: Frame, story: MessageStory, seats: Seats, out: Drawing): void {
  placeSender(frame, story, seats, out);
  for (const packet of story.packets) out.packets.push(placePacket(frame, story.message, packet));
  placeReceiver(frame, story, out);
  if (frame.lanes.storeRow !== null) placeKeys(frame, story, seats, out);
  placeEffects(frame, story, out);
}

// ── sender ───────────────────────────────────────────────────────────────────────────────────────────────────────

function placeSender(frame: Frame, story: MessageStory, seats: Seats, out: Drawing): void {
  const { lanes, isVertical, t, point } = frame;
  const { message } = story;
  const hasRow = seats.senderRow >= 0;
  const across = lanes.senderRow(Math.max(0, seats.senderRow));
  const badgeAcross = isVertical ? lanes.sender : across;

  const line = (
    kind: LineMark['kind'],
    from: Moment,
    until: Moment,
    start: number,
    end: number,
    at: number,
  ) => {
    if (end - start < 1) return;
    out.lines.push({
      kind,
      message,
      row: from.row,
      untilRow: until.row,
      from: start,
      until: end,
      tail: point(start, at),
      head: point(end, at),
    });
  };
  const cross = (kind: LineMark['kind'], { row, us }: Moment, tail: number, head: number) => {
    const at = t(us);
    out.lines.push({
      kind,
      message,
      row,
      untilRow: row,
      from: at,
      until: at,
      tail: point(at, tail),
      head: point(at, head),
    });
  };

  story.attempts.forEach((attempt, i) => {
    const at = t(attempt.us);
    const words = attemptName(message, attempt.ordinal);
    const width = hasRow ? badgeWidth(words) : 6;
    const kind = !hasRow ? 'dot' : attempt.ordinal > 1 ? 'retry' : 'first';
    out.badges.push({
      message,
      row: attempt.row,
      at: point(at, hasRow ? badgeAcross : lanes.sender - 5),
      width,
      words,
      kind,
    });
    if (!hasRow) return;
    const half = isVertical ? BADGE_PX / 2 : width / 2;
    if (isVertical) cross('wait', attempt, across - 5, lanes.sender - width / 2);
    else cross('request stem', attempt, across, lanes.sender);
    const next = story.attempts[i + 1];
    const nextStart =
      next === undefined
        ? Infinity
        : t(next.us) - (isVertical ? 0 : badgeWidth(attemptName(message, next.ordinal)) / 2);
    if (attempt.wait !== null) {
      const end = Math.min(t(attempt.wait.until.us), nextStart);
      line('wait', attempt, attempt.wait.until, at + (isVertical ? 0 : half), end, across);
      if (attempt.wait.end === 'timeout')
        sayIfRoom(frame, out, seats, 'timeout', attempt, at + half, end, across, attempt.wait.until);
    }
    if (attempt.backoff !== null) {
      const { from, until } = attempt.backoff;
      const start = t(from.us) + 5;
      const end = Math.min(t(until.us) - (until.row === next?.row ? 0 : END_PX), nextStart) - 4;
      line('backoff', from, until, start, end, across);
      if (!isVertical) sayIfRoom(frame, out, seats, 'backoff', from, start, end, across, from);
    }
  });
  if (!hasRow) return;

  for (const timeout of story.timeouts) {
    const at = t(timeout.us);
    out.ticks.push({
      kind: 'timeout',
      message,
      row: timeout.row,
      tail: point(at, across - END_PX),
      head: point(at, across + END_PX),
      words: '',
    });
  }
  const { settled } = story;
  if (settled !== null) {
    const last = out.badges[out.badges.length - 1];
    const clear = isVertical ? -Infinity : last.at.x + last.width / 2 + 9;
    const at = Math.max(clear, t(settled.us) + (settled.belief === 'gave up' ? 13 : 0));
    out.beliefs.push({
      message,
      row: settled.row,
      at: point(at, across),
      belief: settled.belief,
      deadLettered: settled.deadLettered,
    });
    if (settled.belief === 'confirmed') cross('ack stem', settled, lanes.sender, across);
  }
  const first = story.attempts[0];
  if (first !== undefined && story.attempts.some(({ wait }) => wait !== null)) {
    out.doubts.push({ message, row: first.row, untilRow: settled?.row ?? -1, across });
  }
}

/** "timeout" and "backoff" beside their lines: for the message in focus, and where they first appear. */
function sayIfRoom(
  frame: Frame,
  out: Drawing,
  seats: Seats,
  words: string,
  { row }: Moment,
  from: number,
  until: number,
  across: number,
  shown: Moment,
): void {
  const { isVertical, point } = frame;
  if (!seats.isLabelled || until - from < (isVertical ? 20 : wordsPx(words) + 6)) return;
  const message = out.badges[out.badges.length - 1].message;
  const place = isVertical
    ? ({ at: point(until + 4, across - 12), anchor: 'end' } as const)
    : ({ at: point((from + until) / 2, across - 6), anchor: 'middle' } as const);
  out.labels.push({
    kind: 'plain',
    message,
    row: Math.max(row, shown.row),
    words,
    from: until - 1,
    ...place,
  });
}

// ── network ──────────────────────────────────────────────────────────────────────────────────────────────────────

function placePacket(frame: Frame, message: number, packet: PacketStory): PacketMark {
  const { lanes, t, point } = frame;
  const isRequest = packet.kind === 'request';
  const [start, goal] = isRequest ? [lanes.sender, lanes.receiver] : [lanes.receiver, lanes.sender];
  const share = packet.fate === 'under way' ? 0.5 : packet.share;
  const from = t(packet.us);
  const until = t(packet.until.us);
  const isCross = packet.fate === 'lost' || packet.fate === 'met dead receiver';
  return {
    message,
    row: packet.row,
    untilRow: packet.until.row,
    from,
    until,
    kind: packet.kind,
    isCopy: packet.isCopy,
    tail: point(from, start),
    head: point(until, start + (goal - start) * share),
    end: isCross
      ? 'cross'
      : packet.fate === 'late'
        ? 'late'
        : packet.fate === 'under way'
          ? 'in flight'
          : 'arrow',
  };
}

// ── receiver and store ───────────────────────────────────────────────────────────────────────────────────────────

const WORK_PX = 6;
const STEP_LETTERS: Readonly<Record<string, string>> = {
  start: 'S',
  check: 'C',
  effect: 'E',
  mark: 'M',
  ack: 'A',
};

function placeReceiver(frame: Frame, story: MessageStory, out: Drawing): void {
  const { lanes, t, point, box } = frame;
  const { message } = story;
  for (const work of story.works) {
    if (work.queuedUntil !== null && work.queuedUntil.us > work.us) {
      const [from, until] = [t(work.us), t(work.queuedUntil.us)];
      const rect = box(from, until, lanes.receiver, 8);
      out.blocks.push({
        kind: 'queued',
        message,
        row: work.row,
        untilRow: work.queuedUntil.row,
        from,
        until,
        rect,
        end: 'none',
      });
      if (work.queuedUntil.row < 0) continue;
    }
    const [start, end] = [t(work.from.us), t(work.until.us)];
    const slack = Math.max(0, WORK_PX - (end - start)) / 2;
    const [from, until] = [start - slack, end + slack];
    const rect = box(from, until, lanes.receiver, 10);
    out.blocks.push({
      kind: 'work',
      message,
      row: work.from.row,
      untilRow: work.until.row,
      from,
      until,
      rect,
      end: 'none',
    });
    if (work.crashedAfter === null) continue;
    out.ticks.push({
      kind: 'crash',
      message,
      row: work.until.row,
      tail: point(end, lanes.receiver - 9),
      head: point(end, lanes.receiver + 9),
      words: STEP_LETTERS[work.crashedAfter] ?? '',
    });
  }
}

function placeKeys(frame: Frame, story: MessageStory, seats: Seats, out: Drawing): void {
  const { lanes, t, point, box, isVertical } = frame;
  const { message, keys } = story;
  if (lanes.storeRow === null || seats.storeRow < 0) return;
  const across = lanes.storeRow(seats.storeRow);
  const isThin = lanes.keyThickness < 12;
  const name = `key ${message}`;
  keys.forEach((key, i) => {
    const [from, until] = [t(key.fromUs), Math.max(t(key.untilUs), t(key.fromUs) + 2)];
    const rect = box(from, until, across, lanes.keyThickness);
    out.blocks.push({
      kind: isThin ? 'thin key' : 'key',
      message,
      row: key.row,
      untilRow: key.endRow,
      from,
      until,
      rect,
      end: key.end,
    });
    out.diamonds.push({ kind: 'written', message, row: key.row, at: point(from, across) });
    stem(frame, out, message, key.row, from, across - 5);
    const shown = Math.max(from, frame.from);
    if (!isThin && until - shown > (isVertical ? 90 : wordsPx(name) + 22)) {
      const place = isVertical
        ? ({ at: point(Math.min(shown + 40, (shown + until) / 2), across + 15), anchor: 'start' } as const)
        : ({ at: point(shown + 12, across + 4), anchor: 'start' } as const);
      out.labels.push({
        kind: isVertical ? 'key' : 'on key',
        message,
        row: key.row,
        words: name,
        from: shown + 12 + wordsPx(name),
        ...place,
      });
    }
    const next = keys[i + 1];
    if (next === undefined) return;
    const [start, end] = [until + 6, t(next.fromUs) - 8];
    if (end - start < 4) return;
    const over = { message, row: key.row, untilRow: next.row };
    out.lines.push({
      kind: 'expired',
      ...over,
      from: start,
      until: end,
      tail: point(start, across),
      head: point(end, across),
    });
    const word = key.end === 'evicted' ? 'evicted' : key.end === 'forgotten' ? 'forgotten' : 'expired';
    const hasRoom = isVertical ? end - start > 24 : end - start > wordsPx(word) - 6;
    if (!isThin && hasRoom) {
      const place = isVertical
        ? ({ at: point((start + end) / 2 + 4, across + 9), anchor: 'start' } as const)
        : ({ at: point((start + end) / 2, across - 5), anchor: 'middle' } as const);
      out.labels.push({ kind: 'key', message, row: key.row, words: word, from: end, ...place });
    }
  });
  story.suppressed.forEach((moment, i) => {
    const at = t(moment.us);
    out.diamonds.push({ kind: 'suppressed', message, row: moment.row, at: point(at, across) });
    stem(frame, out, message, moment.row, at, across - 9);
    const span = keys.find((key) => key.fromUs <= moment.us && moment.us <= key.untilUs);
    const room = span === undefined ? 0 : t(span.untilUs) - at;
    const next = story.suppressed[i + 1];
    const isClear = next === undefined || t(next.us) - at > wordsPx('suppressed') + 28;
    if (seats.isLabelled && !isVertical && !isThin && isClear && room > wordsPx('suppressed') + 16) {
      out.labels.push({
        kind: 'on key',
        message,
        row: moment.row,
        words: 'suppressed',
        from: at + 12 + wordsPx('suppressed'),
        at: point(at + 12, across + 4),
        anchor: 'start',
      });
    }
  });
}

function stem(
  frame: Frame,
  out: Drawing,
  message: number,
  row: number,
  at: number,
  until: number,
  kind: LineMark['kind'] = 'stem',
): void {
  const { lanes, point } = frame;
  out.lines.push({
    kind,
    message,
    row,
    untilRow: row,
    from: at,
    until: at,
    tail: point(at, lanes.receiver + 5),
    head: point(at, until),
  });
}

// ── ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const EFFECT_PX = 20;

function placeEffects(frame: Frame, story: MessageStory, out: Drawing): void {
  const { lanes, t, point } = frame;
  const { message } = story;
  const words = String(message);
  const width = Math.max(EFFECT_PX, Math.ceil(wordsPx(words) + 8));
  for (const effect of story.effects) {
    const at = t(effect.us);
    const kind = effect.count === 0 ? 'no change' : effect.count === 1 ? 'applied' : 'again';
    stem(frame, out, message, effect.row, at, lanes.ledger - 10, kind === 'again' ? 'again stem' : 'stem');
    out.effects.push({ kind, message, row: effect.row, at: point(at, lanes.ledger), width, words });
  }
  if (story.never !== null)
    out.effects.push({
      kind: 'never',
      message,
      row: story.never.row,
      at: point(t(story.never.us), lanes.ledger),
      width: 18,
      words: '',
    });
}
