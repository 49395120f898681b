/** Colour where a terminal wants it: not for pipes, NO_COLOR or dumb terminals; FORCE_COLOR turns it on. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly fault: (text: string) => string;
}

export function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const forced = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0';
  const on = forced || (stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb');
  const code = (number: number) => (text: string) => (on ? `\u001b[${number}m${text}\u001b[0m` : text);
  return { bold: code(1), faint: code(2), fault: code(33) };
}
