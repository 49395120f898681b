/**
 * A whole run in a link: `#v1.` and the canonical scenario (defaults left out), seed, overrides, the outcome digest
 * that was shown and a position, as canonical JSON, deflated, in base64url. Works in a page and in Node alike.
 */
import { canonicalJson, withoutDefaults } from '../../sim/scenario/canonical.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { AskedWords } from './asked.ts';

/** A point of a run that survives another recording: a time, and how many of the events at it have happened. */
export type LinkPosition = readonly [timeUs: number, nth: number];

export interface PermalinkContent {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Named choices that were forced; durations in µs. */
  readonly overrides: Readonly<Record<string, boolean | number>>;
  /** Outcome digest that was shown. */
  readonly digest: string;
  readonly at?: LinkPosition;
  /** A question to the explorer, where the link is to one. */
  readonly asked?: AskedWords;
  /** The screen that shows it, where that is not the workbench. */
  readonly screen?: LinkScreen | undefined;
}

/** Screens that a link can name; one with a question opens Explore. */
export type LinkScreen = 'two-generals';

/** What a link says; the scenario in it is not checked yet. */
export interface PermalinkState {
  readonly scenario: unknown;
  readonly seed: string;
  readonly overrides: Readonly<Record<string, boolean | number>>;
  readonly digest: string;
  readonly at: LinkPosition | null;
  /** A question to the explorer, where the link is to one. */
  readonly asked?: AskedWords;
  readonly screen?: LinkScreen | undefined;
}

export type PermalinkRead =
  { readonly ok: true; readonly state: PermalinkState } | { readonly ok: false; readonly why: string };

const VERSION = 1;

/** No link may unpack to more than this: a small text can deflate to almost nothing. */
export const LARGEST_CONTENT_BYTES = 256 * 1024;
/** Nothing that unpacks to the cap is longer than this. */
const LONGEST_FRAGMENT = 400_000;

/** The fragment of a link, with its `#`. */
export async function permalinkFragment(content: PermalinkContent): Promise<string> {
  const { scenario, seed, overrides, digest, at, asked, screen } = content;
  const whole = {
    scenario: withoutDefaults(scenario),
    seed,
    overrides,
    digest,
    ...(at === undefined ? {} : { at }),
    ...(asked === undefined ? {} : { explore: asked }),
    ...(screen === undefined ? {} : { screen }),
  };
  const packed = await through(
    encoder.encode(canonicalJson(whole)),
    new CompressionStream('deflate-raw'),
    Infinity,
  );
  return `#v${VERSION}.${toBase64url(packed)}`;
}

/** What a fragment says, or why it says nothing; `null` for an empty one. */
export async function readPermalink(fragment: string): Promise<PermalinkRead | null> {
  const text = fragment.replace(/^#/, '');
  if (text === '') return null;
  const form = /^v(\d{1,4})\.(.*)$/s.exec(text);
  if (form === null)
    return refusal('This link is not from Delivery Lab: its part after "#" does not begin with "v1.".');
  const version = Number(form[1]);
  if (version > VERSION) {
    return refusal(
      `This link was made by a newer Delivery Lab (link format ${version}); this one reads format ${VERSION}.`,
    );
  }
  if (version < VERSION) return refusal(`This link has the format ${version}, which never existed.`);
  if (text.length > LONGEST_FRAGMENT) return refusal('This link is longer than any that Delivery Lab makes.');
  try {
    const bytes = await through(
      fromBase64url(form[2]),
      new DecompressionStream('deflate-raw'),
      LARGEST_CONTENT_BYTES,
    );
    const state = asState(JSON.parse(decoder.decode(bytes)));
    return state === null ? refusal('This link holds something other than a run.') : { ok: true, state };
  } catch (error) {
    if (error instanceof TooLarge)
      return refusal('This link unpacks to more than 256 kB, which is more than a run needs.');
    return refusal('This link is damaged: part of it may have been cut off when it was copied.');
  }
}

function refusal(why: string): PermalinkRead {
  return { ok: false, why };
}

// ── content ──────────────────────────────────────────────────────────────────────────────────────────────────────

function asState(value: unknown): PermalinkState | null {
  if (!isRecord(value)) return null;
  const { scenario, seed, overrides, digest } = value;
  if (scenario === undefined || typeof seed !== 'string' || seed.length > 200) return null;
  if (typeof digest !== 'string' || digest.length > 80 || !isRecord(overrides)) return null;
  const forced: Record<string, boolean | number> = {};
  for (const [name, choice] of Object.entries(overrides)) {
    if (typeof choice !== 'boolean' && !isCount(choice)) return null;
    forced[name] = choice;
  }
  const asked = asWords(value['explore']);
  const screen = asLinkScreen(value['screen']);
  return {
    ...{ scenario, seed, overrides: forced, digest, at: asPosition(value['at']) },
    ...(asked === undefined ? {} : { asked }),
    ...(screen === undefined ? {} : { screen }),
  };
}

function asWords(value: unknown): AskedWords | undefined {
  if (!isRecord(value)) return undefined;
  const isWord = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  return Object.fromEntries(Object.entries(value).filter(isWord));
}

/** The screen of that name, if a link can name it. */
export function asLinkScreen(name: unknown): LinkScreen | undefined {
  return name === 'two-generals' ? name : undefined;
}

function asPosition(value: unknown): LinkPosition | null {
  if (!Array.isArray(value)) return null;
  const parts: readonly unknown[] = value;
  const [timeUs, nth] = parts;
  return isCount(timeUs) && isCount(nth) ? [timeUs, nth] : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// ── bytes ────────────────────────────────────────────────────────────────────────────────────────────────────────

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

class TooLarge extends Error {}

/** All that comes out of `stream` for `input`; throws TooLarge past `limit` bytes. */
async function through(
  input: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array> {
  const reader = new Blob([input]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new TooLarge();
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw new Error('not base64url');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
