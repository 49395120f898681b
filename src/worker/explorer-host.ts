/** The page's side of the explorer: its worker as a host, and the explorer on whatever hosts there are. */
import * as Comlink from 'comlink';
import type { HostClient, Way } from './client.ts';
import { EXPLORER_GREETING, type Explorer, type ExplorerApi, type ExplorerHost } from './explorer.ts';
import { wayToWorker, type Guard, type MakeWorker } from './worker-host.ts';

export function explorerWay(name: string, make: MakeWorker): Way<ExplorerHost> {
  return wayToWorker<ExplorerApi, ExplorerHost>(name, make, EXPLORER_GREETING, (api, guard, stop) => ({
    where: 'worker',
    explore: (inquiry, onProgress) =>
      heardIn(guard, onProgress, async (onHeard) => await api.explore(inquiry, Comlink.proxy(onHeard))),
    twin: (asked, onProgress) =>
      heardIn(guard, onProgress, async (onHeard) => await api.twin(asked, Comlink.proxy(onHeard))),
    ladder: (asked, onProgress) =>
      heardIn(guard, onProgress, async (onHeard) => await api.ladder(asked, Comlink.proxy(onHeard))),
    finish: () => {
      api.finish().catch(() => undefined); // a worker that is broken is noticed by the guard
    },
    stop,
  }));
}

/** A call whose progress is also a sign of life. */
function heardIn<Told, Result>(
  guard: Guard,
  onProgress: (told: Told) => void,
  call: (onHeard: (told: Told) => void) => Promise<Result>,
): Promise<Result> {
  return guard((heard) =>
    call((told) => {
      heard();
      onProgress(told);
    }),
  );
}

export function explorerOn(hosts: HostClient<ExplorerHost>): Explorer {
  return {
    explore: (inquiry, onProgress) =>
      hosts.run((host, isCurrent) => host.explore(inquiry, whileCurrent(isCurrent, onProgress))),
    twin: (asked, onProgress) =>
      hosts.run((host, isCurrent) => host.twin(asked, whileCurrent(isCurrent, onProgress))),
    ladder: (asked, onProgress) =>
      hosts.run((host, isCurrent) => host.ladder(asked, whileCurrent(isCurrent, onProgress))),
    finish: () => hosts.busyHost?.finish(),
    cancel: () => hosts.cancel(),
  };
}

function whileCurrent<Told>(isCurrent: () => boolean, tell: (told: Told) => void): (told: Told) => void {
  return (told) => {
    if (isCurrent()) tell(told);
  };
}
