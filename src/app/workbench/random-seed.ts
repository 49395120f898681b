/** A seed nobody chose: five digits are enough to be another weather, and few enough to say aloud. */
export function randomSeed(): string {
  const [word] = crypto.getRandomValues(new Uint32Array(1));
  return String(10_000 + (word % 90_000));
}
