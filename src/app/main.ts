// Starts the app on the page's one mount point.
import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import { openAddress } from '../state/address.ts';
import { startSession } from '../state/start-session.ts';
import { Theme } from '../state/theme.svelte.ts';
import App from './App.svelte';
import { loadAll, whenIdle } from './later.ts';

async function start(): Promise<void> {
  const target = document.getElementById('app');
  if (target === null) throw new Error('index.html has no element with id "app"');
  const theme = new Theme(document.documentElement, matchMedia('(prefers-color-scheme: dark)'));
  const { session, keepForLater } = startSession();
  await openAddress(session, new URL(location.href));
  const onFirstPicture = () =>
    whenIdle(() => {
      // A failure here is none yet: what could not be loaded now is asked for again when it is wanted.
      Promise.all([loadAll(), keepForLater()]).catch((error: unknown) =>
        console.info('Not kept for later:', error),
      );
    });
  mount(App, { target, props: { session, theme, onFirstPicture } });
}

// A build has a script of its own for the embed, and public/boot.js chooses; the development server has not.
if (import.meta.env.DEV && new URL(location.href).searchParams.has('embed')) void import('../embed/main.ts');
else void start();
