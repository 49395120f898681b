/** One question, searched in this thread, or by several workers where it turns out to be large. */
import { Exploration, type Answer, type Inquiry } from '../../sim/explore/explore.ts';
import { Pool } from './pool.ts';
import { aTurn, type Watch } from './watch.ts';

export interface Searched {
  readonly answer: Answer;
  /** Faults of the schedules looked at last: all with fewer are done. */
  readonly depth: number;
}

/** States between two looks at the terminal. */
const SLICE_STATES = 1_000;
/** What is searched before workers are started: most questions are answered in less time than that takes. */
const ALONE_STATES = 20_000;

/** Searches question after question with the same workers. */
export class Searcher {
  private readonly program: URL;
  private readonly workers: number;
  private readonly watch: Watch;
  private pool: Pool | null = null;

  /** @param program see `Pool` */
  constructor(program: URL, workers: number, watch: Watch) {
    this.program = program;
    this.workers = workers;
    this.watch = watch;
  }

  async search(inquiry: Inquiry, what: string): Promise<Searched> {
    const { watch, workers } = this;
    const exploration = new Exploration(inquiry);
    if (watch.isCancelled) exploration.cancel();
    while (!exploration.advance(SLICE_STATES)) {
      await aTurn();
      watch.show(what, exploration.progress);
      if (watch.isCancelled) exploration.cancel();
      else if (workers > 1 && exploration.progress.states >= ALONE_STATES)
        return this.together(inquiry, what);
    }
    return { answer: exploration.answer(), depth: exploration.progress.depth };
  }

  async close(): Promise<void> {
    await this.pool?.close();
  }

  private together(inquiry: Inquiry, what: string): Promise<Searched> {
    this.pool ??= new Pool(this.program, this.workers);
    return this.pool.search(inquiry, this.watch, what);
  }
}
