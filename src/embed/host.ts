/**
 * Speaking with the page around an embed, by namespaced and versioned messages: it may tell a theme, it is told the
 * height. The frame's origin is opaque and the host's may be any, so a message counts by where it comes from (the
 * parent window), and carries nothing that must stay private.
 */
import { asTheme, type ThemeName } from '../state/theme.svelte.ts';

/** Hears `{deliveryLab: {v: 1, type: 'theme', theme: 'dark'}}`; null is "as the system". */
export function onHostTheme(hear: (theme: ThemeName | null) => void): void {
  addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window.parent) return;
    const message = messageOf(event.data);
    if (message !== null && message['type'] === 'theme') hear(asTheme(message['theme']));
  });
}

function messageOf(data: unknown): Readonly<Record<string, unknown>> | null {
  const outer = asRecord(data);
  const inner = asRecord(outer?.['deliveryLab']);
  return inner !== null && inner['v'] === 1 ? inner : null;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? { ...value } : null;
}

/** Tells the host how high the figure is, whenever that changes. For `{@attach}`. */
export function tellsHeight(node: HTMLElement): () => void {
  if (window.parent === window) return () => undefined;
  let told = 0;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(node.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    window.parent.postMessage({ deliveryLab: { v: 1, type: 'resize', height } }, '*');
  });
  observer.observe(node);
  return () => observer.disconnect();
}
