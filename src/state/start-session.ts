/** A session with everything real: the bundled scenarios, and the engine wherever it may run. */
import { startEngine } from '../worker/start.ts';
import { BUNDLED, FIRST } from './bundled.ts';
import { Session } from './session.svelte.ts';

const RUNS_ON_PAGE =
  'This page may not start a worker here, so runs happen on the page itself: the same results, but long runs can make it slow.';

export interface StartedSession {
  readonly session: Session;
  /** Loads what only a later wish would load, so that the page goes on when its server has gone. */
  keepForLater(): Promise<void>;
}

export function startSession(): StartedSession {
  const { engine, keepScript } = startEngine((where) => {
    if (where === 'page') session.tell({ id: 'page', text: RUNS_ON_PAGE });
  });
  const session = new Session(FIRST, { engine, library: BUNDLED });
  return {
    session,
    keepForLater: async () => {
      await Promise.all([keepScript(), ...BUNDLED.map((scenario) => scenario.load())]);
    },
  };
}
