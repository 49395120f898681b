/** Draws counts as bars, lane by lane, on a canvas. Colours are read from the page, so that they follow the theme. */
import { COLUMN_PX, type BinKind, type DenseBins } from '../layout/dense-bins.ts';
import type { Lanes } from '../layout/lanes.ts';

interface Bars {
  readonly kind: BinKind;
  readonly token: string;
  /** Where the bars stand, px from the top, and how high the highest is; negative hangs down. */
  readonly base: number;
  readonly height: number;
}

export function drawDense(
  canvas: HTMLCanvasElement,
  bins: DenseBins,
  lanes: Lanes,
  size: { width: number; height: number },
): void {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  for (const { kind, token, base, height } of barsOf(lanes)) {
    const counts = bins.counts(kind);
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    if (most === 0) continue;
    context.fillStyle = style.getPropertyValue(token);
    for (let column = 0; column < bins.columnCount; column++) {
      if (counts[column] === 0) continue;
      // A fault is never too small to be seen.
      const least = kind === 'again' || kind === 'never' ? 5 : 1;
      const length = Math.max(least, Math.round((Math.abs(height) * counts[column]) / most));
      context.fillRect(bins.from + column * COLUMN_PX, height > 0 ? base - length : base, COLUMN_PX, length);
    }
  }
}

function barsOf(lanes: Lanes): Bars[] {
  const network = lanes.receiver - lanes.sender;
  const store = lanes.storeRow?.(1) ?? null;
  return [
    {
      kind: 'sent',
      token: '--req',
      base: lanes.sender,
      height: Math.min(56, lanes.sender - lanes.start - 12),
    },
    { kind: 'timeout', token: '--edge', base: lanes.sender + 1, height: -network * 0.18 },
    { kind: 'lost', token: '--ink-2', base: lanes.sender + network * 0.58, height: network * 0.22 },
    { kind: 'answered', token: '--ack', base: lanes.receiver + 1, height: -26 },
    { kind: 'arrived', token: '--edge', base: lanes.receiver, height: network * 0.28 },
    ...(store === null
      ? []
      : ([
          { kind: 'written', token: '--key', base: store, height: 30 },
          { kind: 'suppressed', token: '--key', base: store + 2, height: -16 },
        ] as const)),
    { kind: 'applied', token: '--ink', base: lanes.ledger, height: 34 },
    { kind: 'again', token: '--dup', base: lanes.ledger + 1, height: -24 },
    { kind: 'never', token: '--lost', base: lanes.ledger + 28, height: -14 },
  ];
}
