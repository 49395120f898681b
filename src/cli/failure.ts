/** A mistake in what the person asked for: told in plain words on stderr, exit code 2. */
export class UsageError extends Error {}

/** What each exit code means; they are part of the interface. */
export const EXIT = { asExpected: 0, otherwise: 1, usage: 2, gaveUp: 4, internal: 70 } as const;
