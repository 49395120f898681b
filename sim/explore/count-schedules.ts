/** How many schedules a search has told apart: paths through its graph, which has no cycle. */

/**
 * How many schedules lead from the beginning to an end.
 * Exact up to 2^53, then the nearest there is. `edges` are pairs from and to, `ends` where nothing is left to happen.
 */
export function countSchedules(edges: Float64Array, ends: readonly number[]): number {
  if (edges.length === 0) return ends.length;
  const { order, outgoing, targets } = sorted(edges);
  const paths = new Float64Array(outgoing.length - 1);
  paths[order[0]] = 1;
  for (const number of order)
    for (let i = outgoing[number]; i < outgoing[number + 1]; i++) paths[targets[i]] += paths[number];
  const count = ends.reduce((sum, number) => sum + paths[number], 0);
  if (count <= Number.MAX_SAFE_INTEGER) return count;
  // Rounding as it goes would depend on the order of the edges, and so on how many shared the work.
  const exact = new Array<bigint>(outgoing.length - 1).fill(0n);
  exact[order[0]] = 1n;
  for (const number of order)
    for (let i = outgoing[number]; i < outgoing[number + 1]; i++) exact[targets[i]] += exact[number];
  return Number(ends.reduce((sum, number) => sum + exact[number], 0n));
}

/** Where the edges of each situation lead, and all situations so that none comes before one that leads to it. */
function sorted(edges: Float64Array): {
  readonly order: readonly number[];
  readonly outgoing: Int32Array;
  readonly targets: Int32Array;
} {
  let most = 0;
  for (const number of edges) if (number > most) most = number;
  const incoming = new Int32Array(most + 1);
  const outgoing = new Int32Array(most + 2);
  for (let i = 0; i < edges.length; i += 2) {
    outgoing[edges[i] + 1]++;
    incoming[edges[i + 1]]++;
  }
  for (let number = 0; number <= most; number++) outgoing[number + 1] += outgoing[number];
  const targets = new Int32Array(edges.length / 2);
  const next = outgoing.slice();
  for (let i = 0; i < edges.length; i += 2) targets[next[edges[i]]++] = edges[i + 1];
  const order: number[] = [];
  for (let number = 0; number <= most; number++)
    if (incoming[number] === 0 && outgoing[number + 1] > outgoing[number]) order.push(number);
  for (let at = 0; at < order.length; at++) {
    for (let i = outgoing[order[at]]; i < outgoing[order[at] + 1]; i++)
      if (--incoming[targets[i]] === 0) order.push(targets[i]);
  }
  return { order, outgoing, targets };
}
