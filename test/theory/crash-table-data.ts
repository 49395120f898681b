/** The tables of the theory reference, sections 3.2 to 3.5, as they are printed there. */

const ORDERS_DURABLE = `
| C→E→M→A | once | once | once | once | twice | once | once | {once, twice} |
| C→E→A→M | once | once | once | once | twice | once/twice | once | {once, twice} |
| C→M→E→A | once | once | once | once | lost | once | once | {lost, once} |
| C→M→A→E | once | once | once | once | lost | lost | once | {lost, once} |
| C→A→E→M | once | once | once | once | lost/once | once/twice | once | {lost, once, twice} |
| C→A→M→E | once | once | once | once | lost/once | lost | once | {lost, once} |
| E→C→M→A | once | twice | once | twice | twice | twice | once/twice | {once, twice} |
| E→C→A→M | once | twice | once | twice | twice | once/twice | once/twice | {once, twice} |
| E→M→C→A | once | twice | once | twice | twice | twice | once/twice | {once, twice} |
| E→M→A→C | once | twice | once | twice | twice | once/twice | once/twice | {once, twice} |
| E→A→C→M | once | twice | once | twice | once/twice | once/twice | once/twice | {once, twice} |
| E→A→M→C | once | twice | once | twice | once/twice | once/twice | once/twice | {once, twice} |
| M→C→E→A | lost | lost | lost | lost | lost | lost | lost | {lost} |
| M→C→A→E | lost | lost | lost | lost | lost | lost | lost | {lost} |
| M→E→C→A | once | twice | once | once | twice | twice | once/twice | {once, twice} |
| M→E→A→C | once | twice | once | once | twice | once/twice | once/twice | {once, twice} |
| M→A→C→E | lost | lost | lost | lost | lost | lost | lost | {lost} |
| M→A→E→C | once | twice | once | once | lost/once | once/twice | once/twice | {lost, once, twice} |
| A→C→E→M | once | once | once | lost/once | lost/once | once/twice | once | {lost, once, twice} |
| A→C→M→E | once | once | once | lost/once | lost/once | lost | once | {lost, once} |
| A→E→C→M | once | twice | once | lost/once | once/twice | once/twice | once/twice | {lost, once, twice} |
| A→E→M→C | once | twice | once | lost/once | once/twice | once/twice | once/twice | {lost, once, twice} |
| A→M→C→E | lost | lost | lost | lost | lost | lost | lost | {lost} |
| A→M→E→C | once | twice | once | lost/once | lost/once | once/twice | once/twice | {lost, once, twice} |
`;

const ORDERS_VOLATILE = `
| C→E→M→A | once | once | once | once | twice | twice | once/twice | {once, twice} |
| C→E→A→M | once | once | once | once | twice | once/twice | once/twice | {once, twice} |
| C→M→E→A | once | once | once | once | once | twice | once/twice | {once, twice} |
| C→M→A→E | once | once | once | once | once | lost/once | once/twice | {lost, once, twice} |
| C→A→E→M | once | once | once | once | lost/once | once/twice | once/twice | {lost, once, twice} |
| C→A→M→E | once | once | once | once | lost/once | lost/once | once/twice | {lost, once, twice} |
| E→C→M→A | once | twice | once | twice | twice | twice | once/twice | {once, twice} |
| E→C→A→M | once | twice | once | twice | twice | once/twice | once/twice | {once, twice} |
| E→M→C→A | once | twice | once | twice | twice | twice | once/twice | {once, twice} |
| E→M→A→C | once | twice | once | twice | twice | once/twice | once/twice | {once, twice} |
| E→A→C→M | once | twice | once | twice | once/twice | once/twice | once/twice | {once, twice} |
| E→A→M→C | once | twice | once | twice | once/twice | once/twice | once/twice | {once, twice} |
| M→C→E→A | lost | lost | lost | lost | lost | lost | lost | {lost} |
| M→C→A→E | lost | lost | lost | lost | lost | lost | lost | {lost} |
| M→E→C→A | once | twice | once | once | twice | twice | once/twice | {once, twice} |
| M→E→A→C | once | twice | once | once | twice | once/twice | once/twice | {once, twice} |
| M→A→C→E | lost | lost | lost | lost | lost | lost | lost | {lost} |
| M→A→E→C | once | twice | once | once | lost/once | once/twice | once/twice | {lost, once, twice} |
| A→C→E→M | once | once | once | lost/once | lost/once | once/twice | once/twice | {lost, once, twice} |
| A→C→M→E | once | once | once | lost/once | lost/once | lost/once | once/twice | {lost, once, twice} |
| A→E→C→M | once | twice | once | lost/once | once/twice | once/twice | once/twice | {lost, once, twice} |
| A→E→M→C | once | twice | once | lost/once | once/twice | once/twice | once/twice | {lost, once, twice} |
| A→M→C→E | lost | lost | lost | lost | lost | lost | lost | {lost} |
| A→M→E→C | once | twice | once | lost/once | lost/once | once/twice | once/twice | {lost, once, twice} |
`;

/** Outcome sets of the 75 groupings with a durable mark and a lossy ack, any faults. */
export const GROUPINGS_DURABLE: Readonly<Record<string, readonly string[]>> = {
  once: `
C→[EM]→A · C→[EMA] · [CEM]→A · [CEMA]`
    .trim()
    .split(/\s*·\s*/),
  'once twice': `
C→E→M→A · C→E→A→M · C→E→[MA] · C→[EA]→M · E→C→M→A · E→C→A→M · E→C→[MA] · E→M→C→A · E→M→A→C ·
E→M→[CA] · E→[CM]→A · E→A→C→M · E→A→M→C · E→A→[CM] · E→[CA]→M · E→[MA]→C · E→[CMA] · [CE]→M→A ·
[CE]→A→M · [CE]→[MA] · M→E→C→A · M→E→A→C · M→E→[CA] · M→[EA]→C · [EM]→C→A · [EM]→A→C · [EM]→[CA] ·
[EA]→C→M · [EA]→M→C · [EA]→[CM] · [CEA]→M · [EMA]→C`
    .trim()
    .split(/\s*·\s*/),
  'lost once': `
C→M→E→A · C→M→A→E · C→M→[EA] · C→A→M→E · C→A→[EM] · C→[MA]→E · [CM]→E→A · [CM]→A→E · [CM]→[EA] ·
A→C→M→E · A→C→[EM] · A→[CM]→E · A→[CEM] · [CA]→M→E · [CA]→[EM] · [CMA]→E`
    .trim()
    .split(/\s*·\s*/),
  'lost once twice': `
C→A→E→M · M→A→E→C · A→C→E→M · A→E→C→M · A→E→M→C · A→E→[CM] · A→[CE]→M · A→M→E→C · A→[EM]→C ·
[CA]→E→M · [MA]→E→C`
    .trim()
    .split(/\s*·\s*/),
  lost: `
M→C→E→A · M→C→A→E · M→C→[EA] · M→[CE]→A · M→A→C→E · M→A→[CE] · M→[CA]→E · M→[CEA] · A→M→C→E ·
A→M→[CE] · [MA]→C→E · [MA]→[CE]`
    .trim()
    .split(/\s*·\s*/),
};

/** Groupings under which two copies without crashes always have exactly one effect. */
export const RACE_SAFE =
  '[CM]→E→A · [CM]→A→E · [CM]→[EA] · [CEM]→A · A→[CM]→E · A→[CEM] · [CMA]→E · [CEMA]'.split(' · ');

/** Groupings that are safe under crashes, ack loss and concurrent copies. */
export const SAFE_FOR_BOTH = ['[CEM]→A', '[CEMA]'];

/** One row: an order of four steps. Cells hold outcomes; `x/y` if the ack sent before the crash is received / lost. */
export interface OrderRow {
  readonly order: string;
  readonly noFault: string;
  readonly ackLost: string;
  /** Crash after 0 … 4 groups. */
  readonly crash: readonly string[];
  readonly anyFaults: string;
}

function readRows(table: string): OrderRow[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const cells = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      const [order, noFault, ackLost, ...rest] = cells;
      return { order, noFault, ackLost, crash: rest.slice(0, 5), anyFaults: rest[5] };
    });
}

export const ORDER_TABLES = {
  durable: readRows(ORDERS_DURABLE),
  volatile: readRows(ORDERS_VOLATILE),
} as const;
