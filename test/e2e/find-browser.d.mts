export type Program = 'chromium' | 'firefox' | 'webkitDriver' | 'webkitBrowser' | 'xvfb';
export function findBrowser(name: Program): string;
export const CHROMIUM_ARGUMENTS: string[];
