/** The shell line that replays a run which the explorer found. */
import { formatDuration } from '../../sim/core/duration.ts';
import type { Witness } from '../../sim/explore/witness.ts';
import { canonicalText } from './load-bundled.ts';

/** By the name of the bundled scenario and what differs from it; where there is none, with the whole scenario on standard input. */
export function replayCommand(
  { scenario, edits, overrides }: Pick<Witness, 'scenario' | 'edits' | 'overrides'>,
  bundledId: string | null,
): string {
  const line = [
    'delivery-lab run',
    bundledId ?? '-',
    `--seed ${quoted(scenario.seed)}`,
    ...(bundledId === null ? [] : [`--policy ${scenario.policy}`]),
    ...(bundledId === null ? [] : edits.map(({ path, value }) => `--set ${quoted(`${path}=${value}`)}`)),
    ...Object.entries(overrides).map(
      ([name, value]) =>
        `--override ${quoted(`${name}=${typeof value === 'number' ? formatDuration(value) : value}`)}`,
    ),
  ].join(' ');
  return bundledId === null ? `${line} <<'SCENARIO'\n${canonicalText(scenario)}\nSCENARIO` : line;
}

function quoted(text: string): string {
  return /^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
