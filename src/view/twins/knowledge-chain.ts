/**
 * A chain of packets, each sent only when the one before it arrived: request, ack, ack of the ack, … (theory 2.18, 4.1).
 * World w is the one in which the first w of them arrive. An end sees only what reached it, so neighbouring worlds look
 * alike to one of the two, and a rule that makes both act in the last world cannot keep them from acting apart.
 */

export type End = 'sender' | 'receiver';

export interface ChainInput {
  /** Packets in the chain, 1 or more; the first is a request. */
  readonly packets: number;
  /** Chance that a request, or an answer, is lost: 0 to 1. */
  readonly requestLoss: number;
  readonly answerLoss: number;
}

export interface ChainWorld {
  /** How many packets of the chain arrive here. */
  readonly arrived: number;
  /** The chance that this many arrive, and the chance that at least this many do. */
  readonly exactly: number;
  readonly atLeast: number;
}

/** The worlds 0 … N with their chances. */
export function chainWorlds({ packets, requestLoss, answerLoss }: ChainInput): readonly ChainWorld[] {
  const worlds: ChainWorld[] = [];
  let atLeast = 1;
  for (let arrived = 0; arrived <= packets; arrived++) {
    const next = arrived === packets ? 0 : atLeast * (1 - lossOf(arrived + 1, requestLoss, answerLoss));
    worlds.push({ arrived, exactly: atLeast - next, atLeast });
    atLeast = next;
  }
  return worlds;
}

/** Packet 1 is a request, 2 an answer, 3 a request … */
export function travelsTo(packet: number): End {
  return packet % 2 === 1 ? 'receiver' : 'sender';
}

function lossOf(packet: number, requestLoss: number, answerLoss: number): number {
  return travelsTo(packet) === 'receiver' ? requestLoss : answerLoss;
}

/** Worlds that one end cannot tell apart: from the first to the last of them. */
export interface View {
  readonly end: End;
  readonly from: number;
  readonly until: number;
}

/** What each end can tell apart in a chain of so many packets: views of one or two worlds, in order. */
export function viewsOf(end: End, packets: number): readonly View[] {
  const views: View[] = [];
  for (let from = 0; from <= packets;) {
    // A packet that travels to the other end changes nothing that this one sees.
    const until = from < packets && travelsTo(from + 1) !== end ? from + 1 : from;
    views.push({ end, from, until });
    from = until + 1;
  }
  return views;
}

/** What each end does in each of its views: act, or hold. */
export interface Rule {
  readonly sender: readonly boolean[];
  readonly receiver: readonly boolean[];
}

export interface Judgement {
  /** Worlds in which one acts and the other holds. */
  readonly apart: readonly number[];
  /** Their chance, and that of the worlds in which both act. */
  readonly chance: number;
  readonly together: number;
  /** Whether either acts though nothing arrived, or either holds though everything did. */
  readonly actsOnNothing: boolean;
  readonly holdsAfterAll: boolean;
}

/** Whether an end acts in a world, by a rule. */
export function actsIn(rule: Rule, end: End, world: number, packets: number): boolean {
  const view = viewsOf(end, packets).findIndex(({ from, until }) => from <= world && world <= until);
  return rule[end][view] ?? false;
}

export function judge(rule: Rule, chain: ChainInput): Judgement {
  const { packets } = chain;
  const both = (world: number) => [
    actsIn(rule, 'sender', world, packets),
    actsIn(rule, 'receiver', world, packets),
  ];
  const worlds = chainWorlds(chain);
  const apart = worlds.filter(({ arrived }) => {
    const [sender, receiver] = both(arrived);
    return sender !== receiver;
  });
  const together = worlds.filter(({ arrived }) => both(arrived).every(Boolean));
  const chanceOf = (some: readonly ChainWorld[]) => some.reduce((sum, { exactly }) => sum + exactly, 0);
  return {
    apart: apart.map(({ arrived }) => arrived),
    chance: chanceOf(apart),
    together: chanceOf(together),
    actsOnNothing: both(0).includes(true),
    holdsAfterAll: both(packets).includes(false),
  };
}

/**
 * The rule that errs least: both hold before world w and act after it, and are apart in that world alone; w is the
 * least likely of the worlds between the first and the last. For chains of 2 or more.
 */
export function bestRule(chain: ChainInput): Rule {
  const between = chainWorlds(chain).slice(1, -1);
  const least = between.reduce((best, world) => (world.exactly <= best.exactly ? world : best), between[0]);
  const acts = (end: End) => viewsOf(end, chain.packets).map(({ until }) => until > least.arrived);
  return { sender: acts('sender'), receiver: acts('receiver') };
}
