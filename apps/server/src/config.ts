import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CLIENT_LIMITS, type ClientLimits, isNetwork } from '@spillway/http';
import { z } from 'zod';
import { socketPath } from './platform-files.ts';
import { BadSigningKey, readSigningKey, type SigningKey } from './signing-key.ts';

/** Everything the control plane can be told, read once at its start from the environment. */
export interface Config {
  readonly dataDirectory: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `sqlite:<file>`, `postgres://…` or `memory:`. */
  readonly storeUrl: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** How browsers reach this server when it is not by host and port, e.g. `https://spillway.example.org`. */
  readonly publicOrigin: string | undefined;
  /** Whose pages may have flags evaluated with a client key; `*`: everybody's. */
  readonly allowedOrigins: readonly string[];
  readonly clientLimits: ClientLimits;
  /** A token that may do everything, beside those that are issued; never stored. */
  readonly adminToken: string | undefined;
  /** Signs snapshots; the same for all control planes over one database. */
  readonly signingKey: SigningKey | undefined;
  readonly dashboardDirectory: string | undefined;
  /** How long a request may take to arrive, its body included. */
  readonly requestTimeoutMs: number | undefined;
  /** Who it is among several control planes over one database; the same after a restart. */
  readonly leaseHolder: string | undefined;
  readonly gateway: Companion;
  readonly supervisor: Companion;
  /** One JSON line on standard output when the server answers; the launcher waits for it. */
  readonly announce: boolean;
}

/** A process beside this one, and the word that opens its door. */
export interface Companion {
  readonly socket: string;
  readonly token: string;
}

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 4600;
export const DEFAULT_GATEWAY_PORT = 4680;
export const DEFAULT_DATA_DIRECTORY = '.spillway';
export const GATEWAY_SOCKET = 'gateway.sock';
export const SUPERVISOR_SOCKET = 'supervisor.sock';
export const MIN_TOKEN_LENGTH = 24;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Something in the environment cannot be used. The message has one line per variable, with the remedy. */
export class BadConfig extends Error {}

const port = z
  .string()
  .regex(/^[0-9]{1,5}$/, 'must be a port number from 0 to 65535')
  .transform(Number)
  .refine((value) => value <= 65_535, 'must be a port number from 0 to 65535');

const origin = z
  .string()
  .refine(
    (value) => URL.canParse(value) && /^https?:\/\/[^/]+\/?$/.test(value),
    'must be like https://spillway.example.org',
  )
  .transform((value) => new URL(value).origin);

const listed = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );

const allowedOrigins = listed.pipe(
  z.array(z.union([z.literal('*'), origin], 'must be origins like https://shop.example with commas between, or *')),
);

const networks = listed.pipe(
  z.array(z.string().refine(isNetwork, 'must be addresses or networks like 10.0.0.0/8 with commas between')),
);

const rate = z
  .string()
  .regex(/^[0-9]{1,6}$/, 'must be requests a second, or 0 for as many as come')
  .transform(Number);

const token = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be printable characters without spaces')
  .min(MIN_TOKEN_LENGTH, `must have at least ${MIN_TOKEN_LENGTH} characters; make one with: openssl rand -base64 32`);

const STORE = /^(?:sqlite:.+|postgres(?:ql)?:\/\/.+|memory:)$/;

const environment = z.object({
  SPILLWAY_DATA_DIR: z.string().min(1).default(DEFAULT_DATA_DIRECTORY),
  SPILLWAY_HOST: z.string().min(1).default(DEFAULT_HOST),
  SPILLWAY_PORT: port.default(DEFAULT_PORT),
  SPILLWAY_STORE_URL: z.string().regex(STORE, 'must be sqlite:<file>, postgres://<…> or memory:').exactOptional(),
  SPILLWAY_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  SPILLWAY_PUBLIC_URL: origin.exactOptional(),
  SPILLWAY_ALLOWED_ORIGINS: allowedOrigins,
  SPILLWAY_CLIENT_RATE_PER_ADDRESS: rate.default(CLIENT_LIMITS.perAddress),
  SPILLWAY_CLIENT_RATE_PER_KEY: rate.default(CLIENT_LIMITS.perKey),
  SPILLWAY_TRUSTED_PROXIES: networks,
  SPILLWAY_ADMIN_TOKEN: token.exactOptional(),
  SPILLWAY_SIGNING_KEY_FILE: z.string().min(1).exactOptional(),
  SPILLWAY_DASHBOARD_DIR: z.string().min(1).exactOptional(),
  SPILLWAY_GATEWAY_ADMIN_SOCKET: z.string().min(1).exactOptional(),
  SPILLWAY_GATEWAY_ADMIN_TOKEN: token.exactOptional(),
  SPILLWAY_SUPERVISOR_ADMIN_SOCKET: z.string().min(1).exactOptional(),
  SPILLWAY_SUPERVISOR_ADMIN_TOKEN: token.exactOptional(),
  SPILLWAY_REQUEST_TIMEOUT_MS: z
    .string()
    .regex(/^[1-9][0-9]{2,6}$/, 'must be milliseconds from 100 to 9999999')
    .transform(Number)
    .exactOptional(),
  SPILLWAY_LEASE_HOLDER: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be at most 200 printable characters without spaces')
    .exactOptional(),
  SPILLWAY_ANNOUNCE: z.enum(['0', '1'], 'must be 0 or 1').default('0'),
});

/** Each of these may be given as the name of a file that holds it, in `<NAME>_FILE`. */
const SECRETS = [
  'SPILLWAY_ADMIN_TOKEN',
  'SPILLWAY_GATEWAY_ADMIN_TOKEN',
  'SPILLWAY_SUPERVISOR_ADMIN_TOKEN',
  'SPILLWAY_STORE_URL',
];

/** Throws `BadConfig` naming every variable that cannot be used. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environment.safeParse(withSecretFiles(variables));
  if (!parsed.success) {
    throw new BadConfig(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('\n'));
  }
  const values = parsed.data;
  const dataDirectory = resolve(values.SPILLWAY_DATA_DIR);
  return {
    dataDirectory,
    host: values.SPILLWAY_HOST,
    port: values.SPILLWAY_PORT,
    storeUrl: values.SPILLWAY_STORE_URL ?? `sqlite:${resolve(dataDirectory, 'spillway.db')}`,
    logLevel: values.SPILLWAY_LOG_LEVEL,
    publicOrigin: values.SPILLWAY_PUBLIC_URL,
    allowedOrigins: values.SPILLWAY_ALLOWED_ORIGINS,
    clientLimits: {
      perAddress: values.SPILLWAY_CLIENT_RATE_PER_ADDRESS,
      perKey: values.SPILLWAY_CLIENT_RATE_PER_KEY,
      trustedProxies: values.SPILLWAY_TRUSTED_PROXIES,
    },
    adminToken: values.SPILLWAY_ADMIN_TOKEN,
    signingKey: signingKeyIn(values.SPILLWAY_SIGNING_KEY_FILE),
    dashboardDirectory: values.SPILLWAY_DASHBOARD_DIR,
    gateway: {
      socket: values.SPILLWAY_GATEWAY_ADMIN_SOCKET ?? socketPath(dataDirectory, GATEWAY_SOCKET),
      token: values.SPILLWAY_GATEWAY_ADMIN_TOKEN ?? '',
    },
    supervisor: {
      socket: values.SPILLWAY_SUPERVISOR_ADMIN_SOCKET ?? socketPath(dataDirectory, SUPERVISOR_SOCKET),
      token: values.SPILLWAY_SUPERVISOR_ADMIN_TOKEN ?? '',
    },
    requestTimeoutMs: values.SPILLWAY_REQUEST_TIMEOUT_MS,
    leaseHolder: values.SPILLWAY_LEASE_HOLDER,
    announce: values.SPILLWAY_ANNOUNCE === '1',
  };
}

function signingKeyIn(file: string | undefined): SigningKey | undefined {
  try {
    return file === undefined ? undefined : readSigningKey(file);
  } catch (error) {
    if (error instanceof BadSigningKey) throw new BadConfig(`SPILLWAY_SIGNING_KEY_FILE ${error.message}`);
    throw error;
  }
}

/** An empty variable counts as absent, as `NAME= command` means it. */
function withSecretFiles(variables: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const set = Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
  for (const name of SECRETS) {
    const file = set[`${name}_FILE`];
    if (file === undefined) continue;
    if (set[name] !== undefined) throw new BadConfig(`${name} and ${name}_FILE are both set; keep one of them`);
    set[name] = secretIn(`${name}_FILE`, file);
  }
  return set;
}

function secretIn(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadConfig(`${variable} names a file that cannot be read: ${reason}`);
  }
}
