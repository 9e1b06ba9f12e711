import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallOutput, Client, RouteName } from '@spillway/contract';
import { createClient } from '@spillway/contract/client';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { start } from '../../apps/server/src/start.ts';
import { browserForTests } from '../parts/browser.ts';
import { builtDashboard } from './built-dashboard.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ADMIN_TOKEN = 'a-token-of-the-browser-tests-0123456789';
const START_TIMEOUT_MS = 20_000;
/** How long any one step in the browser may take. */
const STEP_TIMEOUT_MS = 5_000;

/** A real server process with the dashboard as it is in the sources, and a browser that is signed in to it. */
export interface World {
  readonly url: string;
  readonly gatewayUrl: string | undefined;
  readonly browser: Browser;
  /** Signed in by the link that the server printed. */
  readonly context: BrowserContext;
  /** Calls the API as another program would, with a token; throws on a refusal. */
  api<N extends RouteName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** A client with a key of the environment, as an application has. */
  application(environment: string): Promise<Client>;
  open(path: string): Promise<Page>;
  close(): Promise<void>;
}

/** Everything a page complained about since it was opened; a test ends by expecting none. */
const complaints = new WeakMap<Page, string[]>();

export function complaintsOf(page: Page): readonly string[] {
  return complaints.get(page) ?? [];
}

export interface WorldOptions {
  /** Gateway and supervisor too, so that services run and rollouts move real traffic. */
  readonly whole?: boolean;
}

export async function createWorld({ whole = false }: WorldOptions = {}): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-browser-'));
  const open: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async () => {
    for (const end of open.toReversed()) await end();
  };
  try {
    const dashboard = await builtDashboard();
    const server = await (whole ? startEverything : startServer)(join(directory, 'data'), dashboard);
    open.push(server.stop);
    const browser = await (await browserForTests()).launch();
    open.push(() => browser.close());
    return await signedIn(browser, server, close);
  } catch (error) {
    await close();
    throw error;
  }
}

interface Server {
  readonly url: string;
  /** Where services are reached; only with everything started. */
  readonly gatewayUrl: string | undefined;
  readonly signInPath: string;
  readonly token: string;
  stop(): Promise<void>;
}

async function signedIn(browser: Browser, server: Server, close: () => Promise<void>): Promise<World> {
  const context = await newContext(browser);
  const client = createClient({ baseUrl: server.url, token: server.token });
  const open = async (path: string) => {
    const page = await context.newPage();
    const heard: string[] = [];
    complaints.set(page, heard);
    page.on('pageerror', (error) => heard.push(error.message));
    page.on('console', (message) => {
      // A refusal that the page shows is logged by the browser as well; everything else is a fault.
      const refusal = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !refusal) heard.push(message.text());
    });
    await page.goto(server.url + path);
    return page;
  };
  const first = await open(server.signInPath);
  await first.waitForURL(`${server.url}/`);
  await first.close();
  return {
    url: server.url,
    gatewayUrl: server.gatewayUrl,
    browser,
    context,
    open,
    api: (name, input) => accepted(client, name, input),
    async application(environment) {
      const { secret } = await accepted(client, 'createToken', { body: { name: 'shop', kind: 'sdk', environment } });
      return createClient({ baseUrl: server.url, token: secret });
    },
    close,
  };
}

/** With a language, as every real browser has: a bare machine's `C` locale is not one. */
export function newContext(browser: Browser, more: Parameters<Browser['newContext']>[0] = {}): Promise<BrowserContext> {
  const limit = (context: BrowserContext) => {
    context.setDefaultTimeout(STEP_TIMEOUT_MS);
    return context;
  };
  return browser
    .newContext({
      locale: 'en-GB',
      reducedMotion: 'reduce',
      viewport: { width: 1440, height: 900 },
      ...more,
    })
    .then(limit);
}

async function accepted<N extends RouteName>(client: Client, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const result = await client.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${result.problem.detail}`);
  return result.value;
}

async function startServer(data: string, dashboard: string): Promise<Server> {
  const child = spawn(process.execPath, [join(ROOT, 'apps/server/src/main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      SPILLWAY_ANNOUNCE: '1',
      SPILLWAY_PORT: '0',
      SPILLWAY_LOG_LEVEL: 'fatal',
      SPILLWAY_DATA_DIR: data,
      SPILLWAY_DASHBOARD_DIR: dashboard,
      SPILLWAY_ADMIN_TOKEN: ADMIN_TOKEN,
    },
  });
  const limit = { signal: AbortSignal.timeout(START_TIMEOUT_MS) };
  const died = once(child, 'exit', limit).then(() => {
    throw new Error('The server ended before it was ready; why is on standard error.');
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line', limit), died]);
  died.catch(() => undefined);
  const ready: { readonly url: string; readonly sign_in_url: string } = JSON.parse(line);
  return {
    url: ready.url,
    gatewayUrl: undefined,
    token: ADMIN_TOKEN,
    signInPath: ready.sign_in_url.slice(ready.url.length),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** What `spillway start` starts: three processes, on free ports. */
async function startEverything(data: string, dashboard: string): Promise<Server> {
  process.env.SPILLWAY_DASHBOARD_DIR = dashboard;
  const ending = new AbortController();
  const announced = Promise.withResolvers<string>();
  const running = start({
    port: 0,
    gatewayPort: 0,
    dataDirectory: data,
    json: true,
    write: announced.resolve,
    signal: ending.signal,
  });
  running.catch(announced.reject);
  const stop = async () => {
    ending.abort();
    await running.catch(() => undefined);
  };
  const ready: { url: string; gateway_url: string; sign_in_url: string } = JSON.parse(await announced.promise);
  const { token }: { token: string } = JSON.parse(await readFile(join(data, 'client.json'), 'utf8'));
  const signInPath = ready.sign_in_url.slice(ready.url.length);
  return { url: ready.url, gatewayUrl: ready.gateway_url, signInPath, token, stop };
}
