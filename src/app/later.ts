/**
 * The parts of the app that are not on its first screen. They are loaded when they are asked for, and soon after the
 * first picture anyway, so that everything goes on working when the server has gone.
 */
export const LATER = {
  scenarios: () => import('./screens/ScenariosScreen.svelte'),
  compare: () => import('./screens/CompareScreen.svelte'),
  explore: () => import('./screens/ExploreScreen.svelte'),
  'two-generals': () => import('./screens/TwoGeneralsScreen.svelte'),
  parameters: () => import('./parameters/ParameterPanel.svelte'),
  charts: () => import('./workbench/Charts.svelte'),
  forkPopover: () => import('./workbench/ForkPopover.svelte'),
  fork: () => import('../state/fork.ts'),
  share: () => import('./dialogs/ShareDialog.svelte'),
  embed: () => import('./dialogs/EmbedDialog.svelte'),
  help: () => import('./dialogs/HelpDialog.svelte'),
} as const;

export async function loadAll(): Promise<void> {
  await Promise.all([...Object.values(LATER).map((load) => load()), keepExplorer()]);
}

async function keepExplorer(): Promise<void> {
  const { keepExplorer: keep } = await import('../worker/start-explorer.ts');
  await keep();
}

/** When the page has nothing better to do. */
export function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 3_000 });
  else setTimeout(work, 1_000);
}
