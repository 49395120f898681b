/**
 * The bundled scenarios, as they stand in `scenarios/*.json`, with the few words a list of them needs.
 */

/** A scenario as a person wrote it: JSON, not yet checked. */
export type RawScenario = Readonly<Record<string, unknown>>;

export interface BundledScenario {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly tags: readonly string[];
  readonly input: RawScenario;
}

/** `files` maps a path to the parsed JSON of that file; one of them may be the list of ids in reading order. */
export function libraryOf(files: Readonly<Record<string, unknown>>): readonly BundledScenario[] {
  const order = Object.values(files).find((file): file is readonly unknown[] => Array.isArray(file)) ?? [];
  const place = ({ id }: BundledScenario): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return Object.keys(files)
    .sort()
    .flatMap((path) => {
      const input = files[path];
      return isRawScenario(input) ? [summaryOf(path, input)] : [];
    })
    .sort((a, b) => place(a) - place(b));
}

function summaryOf(path: string, input: RawScenario): BundledScenario {
  const tags: readonly unknown[] = Array.isArray(input['tags']) ? input['tags'] : [];
  const id = textOf(input['id']) || path.replace(/^.*\//, '').replace(/\.json$/, '');
  return {
    id,
    title: textOf(input['title']) || id,
    question: textOf(input['question']),
    tags: tags.map(textOf).filter((tag) => tag !== ''),
    input,
  };
}

/** The scenarios whose words contain every word of `text`. */
export function findScenarios(library: readonly BundledScenario[], text: string): readonly BundledScenario[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return library.filter((scenario) => {
    const hay = [scenario.id, scenario.title, scenario.question, ...scenario.tags].join(' ').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

export function isRawScenario(value: unknown): value is RawScenario {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
