/** A breath: the page paints and hears the person before what follows. Not a frame, which a hidden page has none of. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
