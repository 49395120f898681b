/** The bundled scenarios, whole: the command line carries them in its one file. */
import order from '../../scenarios/order.json';

type Input = Readonly<Record<string, unknown>>;

export interface BundledScenario {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly tags: readonly unknown[];
  readonly input: Input;
}

const FILES = import.meta.glob<Input>(['../../scenarios/*.json', '!**/order.json'], {
  eager: true,
  import: 'default',
});

/** In the order of the gallery. */
export const LIBRARY: readonly BundledScenario[] = order.map((id) => {
  const input = FILES[`../../scenarios/${id}.json`];
  const { title, question, tags } = input;
  return {
    id,
    title: String(title),
    question: String(question),
    tags: Array.isArray(tags) ? tags : [],
    input,
  };
});
