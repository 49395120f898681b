// Starts the app, or the one figure of an embed, on the page's one mount point.
import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import App from './App.svelte';
import Embed from '../embed/Embed.svelte';
import { openAddress, startSession } from '../state/address.ts';
import { BUNDLED } from '../state/bundled.ts';
import { asTheme, Theme } from '../state/theme.svelte.ts';
import { startEngine } from '../worker/start.ts';

const RUNS_ON_PAGE =
  'This page may not start a worker here, so runs happen on the page itself: the same results, but long runs can make it slow.';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with id "app"');

const address = new URL(location.href);
const isEmbed = address.searchParams.has('embed');
const system = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;
const theme = isEmbed
  ? new Theme(root, system, asTheme(address.searchParams.get('theme')))
  : new Theme(root, system);

const engine = startEngine((where) => {
  if (where === 'page') session.tell({ id: 'page', text: RUNS_ON_PAGE });
});
const session = startSession(engine, BUNDLED);
mount(isEmbed ? Embed : App, { target, props: { session, theme } });
void openAddress(session, address);
