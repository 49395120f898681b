/** A session with everything real: the bundled scenarios, and the engine wherever it may run. */
import { startEngine } from '../worker/start.ts';
import { BUNDLED, FIRST } from './bundled.ts';
import { Session } from './session.svelte.ts';

const RUNS_ON_PAGE =
  'This page may not start a worker here, so runs happen on the page itself: the same results, but long runs can make it slow.';

export function startSession(): Session {
  const engine = startEngine((where) => {
    if (where === 'page') session.tell({ id: 'page', text: RUNS_ON_PAGE });
  });
  const session = new Session(FIRST, { engine, library: BUNDLED });
  return session;
}
