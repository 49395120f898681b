/**
 * A few words kept between visits. In a frame of opaque origin the storage itself throws, and a full or forbidden
 * one does too: then nothing is remembered, and nothing else changes.
 */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`delivery-lab.${key}`);
  } catch {
    return null;
  }
}

/** Whether it could be kept. */
export function remember(key: string, value: string): boolean {
  try {
    localStorage.setItem(`delivery-lab.${key}`, value);
    return true;
  } catch {
    return false;
  }
}
