/**
 * One worker's share of a search. The shares go through the costs in step: each offers what waits for it at the least
 * cost of all, they expand it all between them, and each hands every other what is that one's own, in shared memory, and
 * reads what each has for it. All then know the same and decide the same, so that nobody has to lead them; only answers
 * are judged elsewhere.
 *
 * Shares wait for each other without a turn of a loop: for a moment they look again and again, since the others are
 * nearly done as a rule, then they sleep (Atomics.wait).
 */
import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { boundScenario } from '../../sim/explore/bounds.ts';
import { ByteList } from '../../sim/explore/bytes.ts';
import type { Inquiry, Searched } from '../../sim/explore/explore.ts';
import { Search, type Counts, type Found } from '../../sim/explore/search.ts';
import { planOf } from '../../sim/scenario/plan.ts';
import { SharedMail, type Note } from './shared-mail.ts';
import { SharedWork } from './shared-work.ts';

/** What leads to and from another share. */
export interface Line {
  /** Memory of a SharedMail each. */
  readonly out: SharedArrayBuffer;
  readonly in: SharedArrayBuffer;
  /** For what there is no room for in that memory. */
  readonly port: MessagePort;
}

/** What a share is given. */
export interface ShareTask {
  readonly inquiry: Inquiry;
  readonly index: number;
  readonly of: number;
  /** To each other share, by index; null in its own place. */
  readonly lines: readonly (Line | null)[];
  readonly board: SharedArrayBuffer;
  /** What each share offers, by index. */
  readonly works: readonly SharedArrayBuffer[];
}

/** What a share tells the one that asked. */
export type ShareTold =
  /** Every share says this at the end of a round in which any has found something, and waits for `Board.goOn`. */
  | { readonly kind: 'found'; readonly found: readonly Found[] }
  | { readonly kind: 'over'; readonly part: SearchedPart };

export interface SearchedPart extends Searched {
  readonly outcomes: readonly string[];
}

const CELL = { cancelled: 0, judged: 1, goesOn: 2, sleepers: 3, shares: 4 } as const;
/** Looks at a cell before going to sleep: less time than falling asleep and being woken takes. */
const LOOKS = 20_000;
/** What each share counts: the rounds it has made its offer for, and those it has finished. */
const ROUNDS = { offered: 0, finished: 1, each: 2 } as const;
const NUMBER = { states: 0, ends: 1, transitions: 2, cost: 3, each: 4 } as const;

/** What shares and the one that asked can all see at any time. */
export class Board {
  readonly memory: SharedArrayBuffer;
  private readonly cells: Int32Array;
  private readonly numbers: Float64Array;
  private readonly of: number;

  constructor(of: number, memory?: SharedArrayBuffer) {
    const cells = CELL.shares + ROUNDS.each * of;
    const cellBytes = 8 * Math.ceil(cells / 2);
    this.of = of;
    this.memory = memory ?? new SharedArrayBuffer(cellBytes + 8 * NUMBER.each * of);
    this.cells = new Int32Array(this.memory, 0, cells);
    this.numbers = new Float64Array(this.memory, cellBytes);
  }

  cancel(): void {
    Atomics.store(this.cells, CELL.cancelled, 1);
  }

  get isCancelled(): boolean {
    return Atomics.load(this.cells, CELL.cancelled) === 1;
  }

  /** Each share writes its own line now and then. */
  publish(index: number, { states, ends, transitions }: Counts, cost: number): void {
    this.numbers.set([states, ends, transitions, cost], NUMBER.each * index);
  }

  get states(): number {
    return this.sum(NUMBER.states);
  }

  get ends(): number {
    return this.sum(NUMBER.ends);
  }

  /** The cost the shares are at. */
  get cost(): number {
    return Math.max(
      ...Array.from({ length: this.of }, (_, i) => this.numbers[NUMBER.each * i + NUMBER.cost]),
    );
  }

  /** A share has made its offer for one more round; or has told all others about one more. */
  count(which: 'offered' | 'finished', index: number): void {
    this.countUp(CELL.shares + ROUNDS.each * index + ROUNDS[which]);
  }

  /** Waits until that share has done so for `round` rounds. */
  await(which: 'offered' | 'finished', index: number, round: number): void {
    this.waitUntil(CELL.shares + ROUNDS.each * index + ROUNDS[which], round);
  }

  /** What was found has been judged: whether to look for more. */
  goOn(doesGoOn: boolean): void {
    Atomics.store(this.cells, CELL.goesOn, Number(doesGoOn));
    this.countUp(CELL.judged);
  }

  /** Waits until judgement was given `times` times, and answers the latest. */
  awaitJudgement(times: number): boolean {
    this.waitUntil(CELL.judged, times);
    return Atomics.load(this.cells, CELL.goesOn) === 1;
  }

  private countUp(cell: number): void {
    const { cells } = this;
    Atomics.add(cells, cell, 1);
    if (Atomics.load(cells, CELL.sleepers) > 0) Atomics.notify(cells, cell);
  }

  private waitUntil(cell: number, count: number): void {
    const { cells } = this;
    for (let looks = 0; looks < LOOKS; looks++) if (Atomics.load(cells, cell) >= count) return;
    // Announced before the last look, so that whoever counts up after it wakes this sleeper.
    Atomics.add(cells, CELL.sleepers, 1);
    for (let counted = Atomics.load(cells, cell); counted < count; counted = Atomics.load(cells, cell))
      Atomics.wait(cells, cell, counted);
    Atomics.sub(cells, CELL.sleepers, 1);
  }

  private sum(number: number): number {
    let total = 0;
    for (let i = 0; i < this.of; i++) total += this.numbers[NUMBER.each * i + number];
    return total;
  }
}

/** Situations expanded between two looks at the board. */
const LOOK_EVERY_STATES = 16;

/** Another share: what is handed over to it and heard from it. */
interface Peer {
  readonly index: number;
  readonly out: SharedMail;
  readonly in: SharedMail;
  readonly port: MessagePort;
}

/** Searches one share to its end. `tell` is heard by the one that asked. */
export function searchShare(task: ShareTask, tell: (told: ShareTold) => void): void {
  const { inquiry, index, of } = task;
  const { question, bounds, reductions } = inquiry;
  const board = new Board(of, task.board);
  const works = task.works.map((memory) => new SharedWork(memory));
  const peers = peersOf(task);
  const plan = planOf(boundScenario(inquiry.scenario, bounds).scenario);
  const search = new Search(plan, bounds, question, reductions, { index, of });
  const batches = works.map(() => new ByteList());
  let cost = 0;
  let judgements = 0;
  let told = 0;
  let gaveUp: Searched['gaveUp'] = null;
  for (let round = 1; cost < Infinity && gaveUp === null; round++) {
    for (const batch of batches) batch.clear();
    const note = expandCost(
      search,
      { works, board, batches },
      { cost, round, index, told, limit: bounds.states },
    );
    // All have offered for this round, and so have read what they were sent in the one before.
    for (const { out, port, index: other } of peers) {
      const batch = batches[other];
      if (!out.send(note, batch)) post(port, batch);
    }
    board.count('finished', index);
    const notes = [note];
    for (const peer of peers) {
      board.await('finished', peer.index, round);
      notes.push(peer.in.note());
      search.accept(peer.in.list() ?? received(peer.port));
    }
    if (notes.some(({ found }) => found > 0)) {
      tell({ kind: 'found', found: search.found.slice(told) });
      told = search.found.length;
      if (!board.awaitJudgement(++judgements)) break;
    }
    gaveUp = reasonIn(notes);
    cost = Math.min(...notes.map(({ nextCost }) => nextCost));
  }
  const { counts, outcomes, found } = search;
  const part = { ...counts, ...search.graph(), outcomes: [...outcomes], found: found.length, gaveUp };
  tell({ kind: 'over', part });
}

/** Why the shares end here, if any has a reason: the same one for all, in whatever order they heard. */
function reasonIn(notes: readonly Note[]): Note['gaveUp'] {
  const reasons = notes.map(({ gaveUp }) => gaveUp);
  return reasons.includes('cancelled') ? 'cancelled' : reasons.includes('states') ? 'states' : null;
}

function peersOf({ lines, of }: ShareTask): readonly Peer[] {
  return lines.flatMap((line, index) =>
    line === null
      ? []
      : [{ index, out: new SharedMail(of, line.out), in: new SharedMail(of, line.in), port: line.port }],
  );
}

interface Round {
  readonly cost: number;
  readonly round: number;
  readonly index: number;
  /** Answers told in rounds before. */
  readonly told: number;
  /** Most situations, over all shares. */
  readonly limit: number;
}

/** What a share works with in a round. */
interface Desk {
  readonly works: readonly SharedWork[];
  readonly board: Board;
  /** What is handed over, by whom it is for; always empty in a share's own place. */
  readonly batches: readonly ByteList[];
}

/** Expands what waits at the cost together with the other shares, as far as there is room and time; what to tell them. */
function expandCost(
  search: Search,
  { works, board, batches }: Desk,
  { cost, round, index, told, limit }: Round,
): Note {
  let leastHandedOver = Infinity;
  const handOver = (owner: number, arrivalCost: number): ByteList => {
    leastHandedOver = Math.min(leastHandedOver, arrivalCost);
    return batches[owner];
  };
  let gaveUp: Note['gaveUp'] = null;
  let expanded = 0;
  const look = (): void => {
    board.publish(index, search.counts, cost);
    if (board.isCancelled) gaveUp = 'cancelled';
    else if (board.states >= limit) gaveUp = 'states';
  };
  const expand = (list: ByteList): void => {
    for (let at = list.start; at < list.end && gaveUp === null; at = list.after(at)) {
      search.expandWaiting(cost, list, at, handOver);
      if (++expanded % LOOK_EVERY_STATES === 0) look();
    }
  };
  const own = search.takeAll(cost);
  works[index].offer(own);
  board.count('offered', index);
  expand(own); // what there was no room for
  for (let turn = 0; turn < works.length; turn++) {
    const owner = (index + turn) % works.length;
    board.await('offered', owner, round);
    for (let some = works[owner].take(); some !== null && gaveUp === null; some = works[owner].take())
      expand(some);
  }
  look();
  return {
    nextCost: Math.min(search.nextCost, leastHandedOver),
    found: search.found.length - told,
    gaveUp,
  };
}

/** The way for what has no room in shared memory; the other looks for it when it hears that it is finished. */
function post(port: MessagePort, { bytes, end }: ByteList): void {
  const content = bytes.slice(0, end);
  port.postMessage(content, [content.buffer as ArrayBuffer]);
}

function received(port: MessagePort): ByteList {
  const heard = receiveMessageOnPort(port);
  if (heard === undefined) throw new Error('a share has nothing for another, though it says it has');
  const content: Uint8Array = heard.message;
  return ByteList.of(content);
}
