/**
 * Light or dark: the system's, until a person or a host page says otherwise. `<html data-theme>` carries it, so that
 * style sheets and canvases need to know nothing else.
 */
import { recall, remember } from './storage.ts';

export type ThemeName = 'light' | 'dark';

export class Theme {
  readonly #root: HTMLElement;
  readonly #system: MediaQueryList;
  #chosen: ThemeName | null = $state(null);
  #current: ThemeName = $state('light');

  constructor(
    root: HTMLElement,
    system: MediaQueryList,
    chosen: ThemeName | null = asTheme(recall('theme')),
  ) {
    this.#root = root;
    this.#system = system;
    this.#chosen = chosen;
    system.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  get current(): ThemeName {
    return this.#current;
  }

  /** What the host of an embed says; not remembered. */
  follow(theme: ThemeName | null): void {
    this.#chosen = theme;
    this.#apply();
  }

  toggle(): void {
    this.follow(this.#current === 'dark' ? 'light' : 'dark');
    remember('theme', this.#current);
  }

  #apply(): void {
    this.#current = this.#chosen ?? (this.#system.matches ? 'dark' : 'light');
    this.#root.dataset['theme'] = this.#current;
  }
}

export function asTheme(value: unknown): ThemeName | null {
  return value === 'light' || value === 'dark' ? value : null;
}
