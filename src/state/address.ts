/**
 * The session and the address bar: what an address opens, and the address that says what is on screen.
 */
import { parseScenario } from '../../sim/scenario/parse.ts';
import { asLinkScreen, permalinkFragment, readPermalink } from './permalink.ts';
import type { Session } from './session.svelte.ts';

/** Opens what an address asks for; what it asks in vain is told, and the app is usable all the same. */
export async function openAddress(session: Session, address: URL): Promise<void> {
  const link = await readPermalink(address.hash);
  const problem =
    link === null
      ? await openPreset(session, address)
      : link.ok
        ? await session.openLink(link.state)
        : link.why;
  if (problem === null) return;
  session.dismiss('digest');
  session.rerun();
  session.tell({ id: 'link', text: `${problem} Shown instead: “${session.scenario.title}”.` });
}

/** `?scenario=id&seed=text`, and a question to the explorer: `&ask=no-duplicate&losses=3` */
async function openPreset(session: Session, address: URL): Promise<string | null> {
  const id = address.searchParams.get('scenario');
  const seed = address.searchParams.get('seed')?.slice(0, 200);
  const problem = await session.openBundled(id ?? session.scenario.id, seed);
  const { scenario: _opened, seed: _used, ...asked } = Object.fromEntries(address.searchParams);
  if (problem === null && 'ask' in asked) session.openQuestion(asked);
  else if (problem === null) session.openScreen(asLinkScreen(address.searchParams.get('screen')));
  return problem;
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
    at: session.linkPosition,
    ...(session.screen === 'explore' ? { asked: session.asked } : {}),
    screen: asLinkScreen(session.screen),
  });
  return `${base.origin === 'null' ? base.href.replace(/[?#].*$/s, '') : base.origin + base.pathname}${fragment}`;
}

/** The short, readable address of a bundled scenario that was not changed, else null. */
export function readableAddress(session: Session): string | null {
  if (session.bundledId === null || Object.keys(session.draft.overrides).length > 0) return null;
  const seed = session.seed === session.scenario.seed ? '' : `&seed=${encodeURIComponent(session.seed)}`;
  const words = session.screen === 'explore' ? session.asked : {};
  const question = Object.entries(words).map(([name, word]) => `&${name}=${encodeURIComponent(word)}`);
  const screen = asLinkScreen(session.screen) === undefined ? '' : `&screen=${session.screen}`;
  return `?scenario=${encodeURIComponent(session.bundledId)}${seed}${question.join('')}${screen}`;
}

/** The address of an embed of what `link` shows. */
export function embedAddress(link: string): string {
  const [page, fragment = ''] = link.split('#');
  return `${page}?embed#${fragment}`;
}
