/** Several workers that search together. They decide in step (share.ts); here they are started, watched and judged. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { answerFrom, type Inquiry } from '../../sim/explore/explore.ts';
import { FAULT_COST, type Found } from '../../sim/explore/search.ts';
import { Judge } from '../../sim/explore/judge.ts';
import type { Searched } from './search.ts';
import { Board, searchShare, type Line, type SearchedPart, type ShareTask, type ShareTold } from './share.ts';
import { SharedMail } from './shared-mail.ts';
import { SharedWork } from './shared-work.ts';
import type { Watch } from './watch.ts';

const LOOK_EVERY_MS = 50;

export class Pool {
  private readonly workers: readonly Worker[];

  /** @param program the file whose workers serve shares: the command line's own */
  constructor(program: URL, count: number) {
    this.workers = Array.from({ length: count }, () => new Worker(program));
  }

  /** Searches to the end, or until the person at the terminal has had enough. */
  search(inquiry: Inquiry, watch: Watch, what: string): Promise<Searched> {
    const { workers } = this;
    const of = workers.length;
    const board = new Board(of);
    const works = workers.map(() => new SharedWork().memory);
    const judge = new Judge(inquiry);
    const parts: SearchedPart[] = [];
    let awaited = of;
    let found: Found[] = [];
    return new Promise<Searched>((resolve, reject) => {
      const look = setInterval(() => {
        const { states, ends, cost } = board;
        watch.show(what, { states, ends, depth: Math.floor(cost / FAULT_COST) });
        if (watch.isCancelled) board.cancel();
      }, LOOK_EVERY_MS);
      const end = (): void => {
        clearInterval(look);
        for (const worker of workers) worker.off('message', hear).off('error', fail);
      };
      const hearFound = (some: readonly Found[]): void => {
        found = found.concat(some);
        if (--awaited > 0) return;
        judge.judge(found);
        board.goOn(!judge.hasEnough);
        found = [];
        awaited = of;
      };
      const hearOver = (part: SearchedPart): void => {
        parts.push(part);
        if (parts.length < of) return;
        end();
        resolve({
          answer: answerFrom(whole(parts), judge),
          depth: Math.floor(board.cost / FAULT_COST),
        });
      };
      const hear = (told: ShareTold): void => {
        try {
          if (told.kind === 'found') hearFound(told.found);
          else hearOver(told.part);
        } catch (error) {
          fail(error);
        }
      };
      const fail = (error: unknown): void => {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      };
      for (const worker of workers) {
        worker.on('message', hear);
        worker.on('error', fail);
      }
      const lines = linesBetween(of);
      for (const [index, worker] of workers.entries()) {
        const task: ShareTask = { inquiry, index, of, lines: lines[index], board: board.memory, works };
        worker.postMessage(
          task,
          lines[index].flatMap((line) => (line === null ? [] : [line.port])),
        );
      }
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** What a worker of the program does: one share after the other. */
export function serveShares(port: MessagePort): void {
  port.on('message', (task: ShareTask) => searchShare(task, (told) => port.postMessage(told)));
}

/** Between any two a line, seen from both ends: of each share by whom its lines lead to; null to itself. */
function linesBetween(of: number): readonly (readonly (Line | null)[])[] {
  const lines: (Line | null)[][] = Array.from({ length: of }, () => Array<null>(of).fill(null));
  for (let a = 0; a < of; a++) {
    for (let b = a + 1; b < of; b++) {
      const { port1, port2 } = new MessageChannel();
      const there = new SharedMail(of).memory;
      const back = new SharedMail(of).memory;
      lines[a][b] = { out: there, in: back, port: port1 };
      lines[b][a] = { out: back, in: there, port: port2 };
    }
  }
  return lines;
}

function whole(parts: readonly SearchedPart[]): Parameters<typeof answerFrom>[0] {
  const sum = (of: (part: SearchedPart) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const edges = new Float64Array(sum((part) => part.edges.length));
  let at = 0;
  for (const part of parts) {
    edges.set(part.edges, at);
    at += part.edges.length;
  }
  return {
    states: sum(({ states }) => states),
    transitions: sum(({ transitions }) => transitions),
    edges,
    ends: parts.flatMap(({ ends }) => ends),
    outcomes: new Set(parts.flatMap(({ outcomes }) => outcomes)),
    found: sum(({ found }) => found),
    gaveUp: parts[0].gaveUp,
  };
}
