// Starts the one figure of an embed. Built as a classic script (vite.config.ts): a frame of opaque origin may not
// load modules without the help of the server.
import { mount } from 'svelte';
import '../app/styles/tokens.css';
import '../app/styles/base.css';
import { openAddress } from '../state/address.ts';
import { startSession } from '../state/start-session.ts';
import { asTheme, Theme } from '../state/theme.svelte.ts';
import Embed from './Embed.svelte';
import { onHostTheme } from './host.ts';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with id "app"');

const address = new URL(location.href);
const system = matchMedia('(prefers-color-scheme: dark)');
const theme = new Theme(document.documentElement, system, asTheme(address.searchParams.get('theme')));
onHostTheme((told) => theme.follow(told));

const { session } = startSession();
void openAddress(session, address).then(() => mount(Embed, { target, props: { session } }));
