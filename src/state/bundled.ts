/**
 * The scenarios that come with the app, from `scenarios/`. Their titles are in the app's own script; each text is
 * loaded when it is opened, but for the one that a page without any wish opens with.
 */
import order from '../../scenarios/order.json';
import firstText from '../../scenarios/retry-until-acknowledged.json?raw';
import { libraryOf, readScenario } from './library.ts';

export const BUNDLED = libraryOf({
  titles: import.meta.glob(['../../scenarios/*.json', '!**/order.json'], { eager: true, import: 'title' }),
  questions: import.meta.glob(['../../scenarios/*.json', '!**/order.json'], {
    eager: true,
    import: 'question',
  }),
  tags: import.meta.glob(['../../scenarios/*.json', '!**/order.json'], { eager: true, import: 'tags' }),
  texts: {
    ...import.meta.glob<string>(
      ['../../scenarios/*.json', '!**/order.json', '!**/retry-until-acknowledged.json'],
      {
        query: '?raw',
        import: 'default',
      },
    ),
    '../../scenarios/retry-until-acknowledged.json': async () => firstText,
  },
  order,
});

/** The fault this lab is about, in one picture. */
export const FIRST = readScenario(firstText);
