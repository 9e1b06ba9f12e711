import { randomUUID } from 'node:crypto';
import { createWriteStream, renameSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createClient } from '@spillway/contract/client';
import { GATEWAY_NODE_ARGUMENTS } from '@spillway/gateway/node-arguments';
import { makePrivateDirectory, socketPath } from './platform-files.ts';
import { lockFile } from './platform-lock.ts';
import { type Child, keepRunning } from './start-child.ts';
import { readClientFile, readSecrets, type Secrets, writeClientFile } from './start-files.ts';
import { requireFreePort } from './start-ports.ts';
import { prepareSample, type Sample } from './start-sample.ts';

/** `spillway start`: control plane, gateway and supervisor as three processes, kept running until Ctrl-C. */
export interface StartOptions {
  readonly host?: string | undefined;
  /** 0 takes a free one. */
  readonly port?: number | undefined;
  readonly gatewayPort?: number | undefined;
  readonly dataDirectory?: string | undefined;
  /** One JSON document instead of lines for people. */
  readonly json?: boolean | undefined;
  readonly write?: (text: string) => void;
  /** Stops everything when it aborts, as Ctrl-C does. */
  readonly signal?: AbortSignal | undefined;
}

// The same as in `config.ts`, which the launcher does not load: it would bring the validator with it.
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 4600;
const DEFAULT_GATEWAY_PORT = 4680;
const DEFAULT_DATA_DIRECTORY = '.spillway';
/** As it can be typed: who started with npm has no `spillway` on the path. */
const CLI = process.env.npm_command === undefined ? 'spillway' : 'npx spillway';

const CONTROL_GRACE_MS = 10_000;
const GATEWAY_GRACE_MS = 15_000;
const SUPERVISOR_GRACE_MS = 30_000;
/** A log that has grown beyond this is put aside at the next start. */
const MAX_LOG_BYTES = 10_485_760;

/** Resolves when everything has been stopped. Throws, in words for people, when it cannot start. */
export async function start(options: StartOptions = {}): Promise<void> {
  const started = performance.now();
  enableCompileCache();
  const write = options.write ?? ((text: string) => void process.stdout.write(text));
  const host = asHost(options.host) ?? variable('SPILLWAY_HOST') ?? DEFAULT_HOST;
  const ports = {
    control: options.port ?? asPort('SPILLWAY_PORT', variable('SPILLWAY_PORT')) ?? DEFAULT_PORT,
    gateway:
      options.gatewayPort ?? asPort('SPILLWAY_GATEWAY_PORT', variable('SPILLWAY_GATEWAY_PORT')) ?? DEFAULT_GATEWAY_PORT,
  };
  const data = resolve(options.dataDirectory ?? variable('SPILLWAY_DATA_DIR') ?? DEFAULT_DATA_DIRECTORY);
  const stopped = stopSignal(options.signal);

  makePrivateDirectory(data);
  const lock = await lockFile(join(data, 'start.lock'), 0);
  const secrets = readSecrets(data);
  await Promise.all([
    requireFreePort(host, ports.control, '--port'),
    requireFreePort(host, ports.gateway, '--gateway-port'),
  ]);
  const children = launch({ host, ports, data, secrets });
  try {
    const ready = Promise.all([children.control.ready, children.gateway.ready, children.supervisor.ready]);
    const first = await Promise.race([ready, stopped.then(() => undefined)]);
    if (first !== undefined) {
      const [control, gateway] = first;
      const place = { url: String(control.url), gatewayUrl: String(gateway.url), data };
      const sample = await introduce(place, secrets);
      const signInUrl = String(control.sign_in_url);
      const readyMs = Math.round(performance.now() - started);
      write(
        options.json === true
          ? asJson(place, signInUrl, readyMs, children, sample)
          : greeting(place, signInUrl, readyMs, sample),
      );
      await stopped;
    }
  } finally {
    // First who decides, then who carries traffic, then what it is carried to.
    await children.control.stop();
    await children.gateway.stop();
    await children.supervisor.stop();
    lock.release();
  }
}

interface Plan {
  readonly host: string;
  readonly ports: { control: number; gateway: number };
  readonly data: string;
  readonly secrets: Secrets;
}

interface Children {
  readonly control: Child;
  readonly gateway: Child;
  readonly supervisor: Child;
}

function launch({ host, ports, data, secrets }: Plan): Children {
  const log = openLog(join(data, 'spillway.log'));
  const companions = {
    SPILLWAY_GATEWAY_ADMIN_SOCKET: socketPath(data, 'gateway.sock'),
    SPILLWAY_GATEWAY_ADMIN_TOKEN: secrets.gateway_token,
    SPILLWAY_SUPERVISOR_ADMIN_SOCKET: socketPath(data, 'supervisor.sock'),
    SPILLWAY_SUPERVISOR_ADMIN_TOKEN: secrets.supervisor_token,
  };
  /** There is one at a time, so that the next need not wait for what the one before held when it was killed. */
  const leaseHolder = randomUUID();
  // In parallel: none needs another to start.
  return {
    control: keepRunning({
      name: 'control plane',
      script: script('main'),
      arguments: () => [],
      environment: () => ({
        ...process.env,
        ...companions,
        SPILLWAY_DATA_DIR: data,
        SPILLWAY_HOST: host,
        SPILLWAY_PORT: String(ports.control),
        SPILLWAY_ADMIN_TOKEN: secrets.admin_token,
        SPILLWAY_LEASE_HOLDER: leaseHolder,
        SPILLWAY_ANNOUNCE: '1',
      }),
      graceMs: CONTROL_GRACE_MS,
      log,
      onReady: ({ url }) => {
        ports.control = portOf(url, ports.control);
      },
    }),
    gateway: keepRunning({
      name: 'gateway',
      script: script('gateway'),
      nodeArguments: GATEWAY_NODE_ARGUMENTS,
      arguments: () => ['--host', host, '--port', String(ports.gateway), '--state-dir', join(data, 'gateway')],
      environment: () => ({ ...process.env, ...companions }),
      graceMs: GATEWAY_GRACE_MS,
      log,
      onReady: ({ url }) => {
        ports.gateway = portOf(url, ports.gateway);
      },
    }),
    supervisor: keepRunning({
      name: 'supervisor',
      script: script('supervisor'),
      arguments: () => ['--state-dir', join(data, 'supervisor')],
      environment: () => ({ ...process.env, ...companions }),
      graceMs: SUPERVISOR_GRACE_MS,
      log,
    }),
  };
}

/** Sources here, built files in the published package: the neighbours have this file's extension. */
function script(name: string): URL {
  return new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
}

function portOf(url: unknown, otherwise: number): number {
  return typeof url === 'string' && URL.canParse(url) ? Number(new URL(url).port) : otherwise;
}

function openLog(path: string): (name: string, line: string) => void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  return (name, line) => void file.write(`${name}: ${line}\n`);
}

interface Place {
  readonly url: string;
  readonly gatewayUrl: string;
  readonly data: string;
}

async function introduce({ url, gatewayUrl, data }: Place, secrets: Secrets): Promise<Sample | undefined> {
  const connect = (token: string) => createClient({ baseUrl: url, token });
  const known = readClientFile(data).sdk_key;
  const sample = await prepareSample(connect(secrets.admin_token), connect, url, known);
  const sdkKey = sample?.sdkKey ?? known;
  writeClientFile(data, {
    url,
    gateway_url: gatewayUrl,
    token: secrets.admin_token,
    ...(sdkKey === undefined ? {} : { sdk_key: sdkKey }),
  });
  return sample;
}

function greeting(
  { url, gatewayUrl, data }: Place,
  signInUrl: string,
  readyMs: number,
  sample: Sample | undefined,
): string {
  const lines = [
    `Spillway is ready (${(readyMs / 1000).toFixed(2)} s). Data and logs: ${data}`,
    '',
    `  Dashboard  ${signInUrl}  (this link works once, for ten minutes)`,
    `  API        ${url}/api/v1`,
    `  Gateway    ${gatewayUrl}`,
    '',
    ...(sample === undefined ? [] : ['Ask for a flag:', `  ${sample.command}`, `  → ${sample.output}`]),
    `Next: change the flag in the dashboard and ask again, or see \`${CLI} flags list\`. Ctrl-C stops everything.`,
  ];
  return `${lines.join('\n')}\n`;
}

function asJson(
  place: Place,
  signInUrl: string,
  readyMs: number,
  children: Children,
  sample: Sample | undefined,
): string {
  const document = {
    ready: true,
    url: place.url,
    gateway_url: place.gatewayUrl,
    sign_in_url: signInUrl,
    data_directory: place.data,
    ready_ms: readyMs,
    pids: { control: children.control.pid, gateway: children.gateway.pid, supervisor: children.supervisor.pid },
    ...(sample === undefined ? {} : { sample: { command: sample.command, output: sample.output } }),
  };
  return `${JSON.stringify(document)}\n`;
}

function stopSignal(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => resolve();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    process.once('SIGHUP', stop);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) resolve();
  });
}

const HELP = `Usage: spillway start [--port ${DEFAULT_PORT}] [--gateway-port ${DEFAULT_GATEWAY_PORT}] [--host ${DEFAULT_HOST}] [--data ./${DEFAULT_DATA_DIRECTORY}] [--json]\n`;

async function fromCommandLine(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string' },
      port: { type: 'string' },
      'gateway-port': { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  await start({
    host: values.host,
    port: asPort('--port', values.port),
    gatewayPort: asPort('--gateway-port', values['gateway-port']),
    dataDirectory: values.data,
    json: values.json,
  });
}

/** An empty variable counts as absent, as `NAME= command` means it. */
function variable(name: string): string | undefined {
  return process.env[name] || undefined;
}

/** To the system no address at all means every address there is. */
function asHost(value: string | undefined): string | undefined {
  if (value !== '') return value;
  throw new Error('--host must be an address of this machine; leave it out for 127.0.0.1.');
}

function asPort(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[0-9]{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new Error(`${name} must be a port number from 0 to 65535, not "${value}".`);
}

if (import.meta.main) {
  fromCommandLine(process.argv.slice(2)).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`Spillway did not start: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
