/**
 * The bundled scenarios: the few words a list of them needs, and a way to load each when it is opened.
 */

/** A scenario as a person wrote it: JSON, not yet checked. */
export type RawScenario = Readonly<Record<string, unknown>>;

export interface BundledScenario {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly tags: readonly string[];
  load(): Promise<RawScenario>;
}

/** What of every file is at hand, by its path. */
export interface LibraryFiles {
  readonly titles: Readonly<Record<string, unknown>>;
  readonly questions: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, unknown>>;
  /** The text of a file, when it is asked for. */
  readonly texts: Readonly<Record<string, () => Promise<string>>>;
  /** Ids in reading order. */
  readonly order: readonly string[];
}

export function libraryOf({
  titles,
  questions,
  tags,
  texts,
  order,
}: LibraryFiles): readonly BundledScenario[] {
  const place = ({ id }: BundledScenario): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return Object.keys(texts)
    .sort()
    .map((path): BundledScenario => {
      const id = path.replace(/^.*\//, '').replace(/\.json$/, '');
      const words: readonly unknown[] = Array.isArray(tags[path]) ? tags[path] : [];
      return {
        id,
        title: textOf(titles[path]) || id,
        question: textOf(questions[path]),
        tags: words.map(textOf).filter((tag) => tag !== ''),
        load: async () => readScenario(await texts[path]()),
      };
    })
    .sort((a, b) => place(a) - place(b));
}

export function readScenario(text: string): RawScenario {
  const input: unknown = JSON.parse(text);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new Error('not a scenario');
  return { ...input };
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

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
