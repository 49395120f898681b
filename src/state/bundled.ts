/** The scenarios that come with the app, as they stand in `scenarios/`. */
import { libraryOf } from './library.ts';

export const BUNDLED = libraryOf(
  import.meta.glob('../../scenarios/*.json', { eager: true, import: 'default' }),
);
