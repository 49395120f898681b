/**
 * The explorer's own script, apart from the engine's (worker.ts), which a first picture waits for. In a worker it
 * answers comlink calls; loaded by a `<script>` tag, where no worker may start, it hands the same work to the page.
 */
import * as Comlink from 'comlink';
import { EXPLORER_GREETING, type ExplorerApi } from './explorer.ts';
import { explorerHere } from './explorer-slices.ts';

/** A worker listens for "finish" this often. */
const BREATH_MS = 100;

if (typeof document === 'undefined') {
  const { explore, twin, ladder, finish } = explorerHere(BREATH_MS);
  const api: ExplorerApi = { hello: () => EXPLORER_GREETING, explore, twin, ladder, finish };
  Comlink.expose(api);
} else globalThis.deliveryLabExplorer = explorerHere;
