/**
 * The session and the address bar: what an address opens, and the address that says what is on screen.
 */
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { Engine } from '../worker/client.ts';
import type { BundledScenario } from './library.ts';
import { permalinkFragment, readPermalink } from './permalink.ts';
import { Session } from './session.svelte.ts';

/** What a page without any wish opens with: the fault this lab is about, in one picture. */
const FIRST_ID = 'retry-until-acknowledged';

export function startSession(engine: Engine, library: readonly BundledScenario[]): Session {
  const first = library.find(({ id }) => id === FIRST_ID) ?? library[0];
  if (first === undefined) throw new Error('No scenario is bundled with this build');
  return new Session(first, { engine, library });
}

/** Opens what an address asks for; what it asks in vain is told, and the app is usable all the same. */
export async function openAddress(session: Session, address: URL): Promise<void> {
  const link = await readPermalink(address.hash);
  if (link !== null) {
    const problem = link.ok ? session.openLink(link.state) : link.why;
    if (problem === null) return;
    session.rerun();
    session.tell({ id: 'link', text: `${problem} Shown instead: “${session.scenario.title}”.` });
    return;
  }
  const id = address.searchParams.get('scenario');
  const seed = address.searchParams.get('seed') ?? undefined;
  if (session.choose(id ?? session.scenario.id, seed?.slice(0, 200))) return;
  session.rerun();
  const known = session.library.map((scenario) => scenario.id).join(', ');
  session.tell({ id: 'link', text: `There is no scenario “${id}”. Those there are: ${known}.` });
}

/** The address of exactly what is on screen; `base` is any address of this app. */
export async function linkTo(session: Session, base: URL): Promise<string> {
  const { shown } = session;
  const { input, seed, overrides } = shown?.draft ?? session.draft;
  const parsed = parseScenario(input);
  const fragment = await permalinkFragment({
    scenario: parsed.ok ? parsed.scenario : session.scenario,
    seed,
    overrides,
    digest: shown?.result.digests.outcome ?? '',
    at: session.position,
  });
  return `${base.origin === 'null' ? base.href.replace(/[?#].*$/s, '') : base.origin + base.pathname}${fragment}`;
}

/** The short, readable address of a bundled scenario that was not changed, else null. */
export function readableAddress(session: Session): string | null {
  const bundled = session.library.find(({ input }) => input === session.draft.input);
  if (bundled === undefined || Object.keys(session.draft.overrides).length > 0) return null;
  const seed = session.seed === session.scenario.seed ? '' : `&seed=${encodeURIComponent(session.seed)}`;
  return `?scenario=${encodeURIComponent(bundled.id)}${seed}`;
}

/** The address of an embed of what `link` shows. */
export function embedAddress(link: string): string {
  const [page, fragment = ''] = link.split('#');
  return `${page}?embed#${fragment}`;
}
