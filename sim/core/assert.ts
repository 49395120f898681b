// Checks that stay on in production. A broken invariant stops the run with both numbers in the
// message; bad input from people is never handled here (`scenario/parse.ts` returns issues).

/** Thrown when the program contradicts itself: always a bug here, never a person's mistake. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/**
 * Throws `InvariantError` unless `condition` holds. A message with numbers is built even when all
 * is well, so hot loops test first: `if (!(a < b)) assert(false, `${a} < ${b}`)`.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** Ends a `switch` over a union: compiles only when every case has been handled. */
export function assertNever(value: never): never {
  throw new InvariantError(`unhandled case: ${JSON.stringify(value)}`);
}
