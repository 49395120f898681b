/** One explorer for each session, kept while the page lives: an answer is still there after a look at the workbench. */
import { Exploring } from '../../state/exploring.svelte.ts';
import type { Session } from '../../state/session.svelte.ts';
import { startExplorer } from '../../worker/start-explorer.ts';

const kept = new WeakMap<Session, Exploring>();

export function exploringOf(session: Session): Exploring {
  const known = kept.get(session);
  if (known !== undefined) return known;
  let made: Exploring | undefined;
  // Of its own, or all that is derived in it would end with the screen that asks first.
  $effect.root(() => {
    made = new Exploring(session, startExplorer());
  });
  if (made === undefined) throw new Error('a root runs what it is given at once');
  kept.set(session, made);
  return made;
}
