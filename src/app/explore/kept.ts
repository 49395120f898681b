/** One explorer for each session, kept while the page lives: an answer is still there after a look at the workbench. */
import { Exploring } from '../../state/exploring.svelte.ts';
import type { Session } from '../../state/session.svelte.ts';
import { startExplorer } from '../../worker/start-explorer.ts';

const kept = new WeakMap<Session, Exploring>();

export function exploringOf(session: Session): Exploring {
  let exploring = kept.get(session);
  if (exploring === undefined) {
    exploring = new Exploring(session, startExplorer());
    kept.set(session, exploring);
  }
  return exploring;
}
