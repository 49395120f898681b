/** Explorers, started wherever they may (ways.ts) when they are first asked. Loaded only by the screens that ask. */
import explorerUrl from './explorer-worker.ts?worker&url';
import { HostClient } from './client.ts';
import { explorerOn, explorerWay } from './explorer-host.ts';
import type { explorerHere } from './explorer-slices.ts';
import type { Explorer, ExplorerHost } from './explorer.ts';
import { waysTo } from './ways.ts';

declare global {
  // Set by the explorer's script when it runs on a page (explorer-worker.ts).
  var deliveryLabExplorer: typeof explorerHere | undefined;
}

/** On the page it breathes about once a frame, so that the page stays alive. */
const PAGE_BREATH_MS = 12;

const SCRIPT = waysTo<ExplorerHost>({
  url: explorerUrl,
  worker: explorerWay,
  page: (load) => ({
    name: 'this page',
    start: async () => {
      if (globalThis.deliveryLabExplorer === undefined) await load();
      if (globalThis.deliveryLabExplorer === undefined) throw new Error('its script did not run');
      return { where: 'page', ...globalThis.deliveryLabExplorer(PAGE_BREATH_MS) };
    },
  }),
});

/** An explorer of its own for each screen that asks: what one asks does not supersede what another asked. */
export function startExplorer(): Explorer {
  return explorerOn(new HostClient(SCRIPT.ways));
}

/** Keeps a copy of the explorer's script, so that a worker can start after the server has gone. */
export function keepExplorer(): Promise<void> {
  return SCRIPT.keepScript();
}
