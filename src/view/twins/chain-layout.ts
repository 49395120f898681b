/** The zigzag of a chain of packets between two rails, what each arrival lets its receiver know, and bars of chance. */
import { packetShape } from '../layout/packet-shape.ts';
import type { Point } from '../layout/marks.ts';
import { chainWorlds, travelsTo, type ChainInput } from './knowledge-chain.ts';
import { percentWords } from './knowledge-words.ts';

export interface ChainLayout {
  readonly width: number;
  readonly height: number;
  readonly rails: readonly { readonly words: string; readonly y: number }[];
  readonly packets: readonly {
    readonly packet: number;
    readonly kind: 'request' | 'ack';
    readonly line: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
    readonly head: string;
    /** Where its number stands. */
    readonly at: Point;
    /** The thicker, the likelier it gets this far. */
    readonly strokePx: number;
  }[];
  readonly rungs: readonly (Point & {
    readonly arrived: number;
    /** What is now known, line by line; empty where there is no room. */
    readonly words: readonly string[];
    /** Baseline of the first line. */
    readonly wordsY: number;
  })[];
  readonly bars: {
    readonly top: number;
    readonly bottom: number;
    readonly bars: readonly {
      readonly arrived: number;
      readonly x: number;
      readonly y: number;
      readonly height: number;
      readonly words: string;
    }[];
  };
}

const RAILS_PX = 72;
const BARS_PX = 80;
const LINE_PX = 14;
/** Narrower columns have no room for statements. */
const ROOMY_PX = 104;
/** Statements in words; those above them only grow longer. */
const MOST_LINES = 4;

export function chainLayout(chain: ChainInput, width: number): ChainLayout {
  const worlds = chainWorlds(chain);
  const column = width / worlds.length;
  const hasWords = column >= ROOMY_PX;
  const top = hasWords ? 12 + MOST_LINES * LINE_PX : 26;
  const bottom = top + RAILS_PX;
  const x = (world: number) => (world + 0.5) * column;
  const railOf = (world: number) => (world === 0 || travelsTo(world) === 'sender' ? top : bottom);
  const barsTop = bottom + (hasWords ? 28 + MOST_LINES * LINE_PX : 44);
  const barsBottom = barsTop + BARS_PX;
  return {
    width,
    height: barsBottom + 1,
    rails: [
      { words: 'Sender', y: top },
      { words: 'Receiver', y: bottom },
    ],
    packets: worlds.slice(1).map(({ arrived, atLeast }) => {
      const down = railOf(arrived) > railOf(arrived - 1) ? 1 : -1;
      const inset = Math.min(10, column / 6);
      const tail = { x: x(arrived - 1) + inset, y: railOf(arrived - 1) + down * 3 };
      const head = { x: x(arrived) - inset, y: railOf(arrived) - down * 7 };
      const kind = travelsTo(arrived) === 'receiver' ? 'request' : 'ack';
      const mark = { row: arrived, message: 1, untilRow: 0, from: 0, until: 0, isCopy: false } as const;
      const shape = packetShape({ ...mark, kind, tail, head, end: 'arrow' });
      return {
        packet: arrived,
        kind,
        line: shape.line,
        head: shape.head,
        at: { x: (tail.x + head.x) / 2, y: (tail.y + head.y) / 2 },
        strokePx: 1.25 + 3.25 * atLeast,
      };
    }),
    rungs: worlds.map(({ arrived }) => {
      const words = hasWords ? knownWords(arrived) : [];
      const isAbove = railOf(arrived) === top;
      return {
        arrived,
        x: x(arrived),
        y: railOf(arrived),
        words,
        wordsY: isAbove ? top - 12 - (words.length - 1) * LINE_PX : bottom + 22,
      };
    }),
    bars: {
      top: barsTop,
      bottom: barsBottom,
      bars: worlds.map(({ arrived, atLeast }) => ({
        arrived,
        x: x(arrived),
        y: barsBottom - atLeast * BARS_PX,
        height: atLeast * BARS_PX,
        words: percentWords(atLeast),
      })),
    },
  };
}

/** What whoever got the latest packet knows, a line for each that knows: "sender knows that", "receiver knows". */
function knownWords(arrived: number): readonly string[] {
  const lines = Array.from(
    { length: arrived },
    (_, i) => `${travelsTo(arrived - i)} knows${i < arrived - 1 ? ' that' : ''}`,
  );
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), '…'];
}
