/** Durations in a sentence as the page writes them: "40ms" is a form to type, "40 ms" one to read. */
export function spaced(words: string): string {
  return words.replace(/(\d)(us|ms|[smhd])(?=\d|[^\w%]|$)/g, (_, digit: string, unit: string) => {
    return `${digit} ${unit === 'us' ? 'µs' : unit}`;
  });
}
