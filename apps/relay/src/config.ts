import { readFileSync } from 'node:fs';
import { type ClientLimits, isNetwork } from '@spillway/http';
import { isPublicKey } from '@spillway/node/platform';

/** What a relay is started with. */
export interface RelayOptions {
  /** Where the control plane, or another relay, answers. */
  readonly upstream: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly dataDirectory: string;
  /** One per environment to follow; the same open the relay's own doors. */
  readonly keys: readonly string[];
  /** Whose pages may use client keys here, beside the origins that the environments allow; `*`: everybody's. */
  readonly allowedOrigins: readonly string[];
  readonly clientLimits: Partial<ClientLimits>;
  /** The control plane's public keys, with one of which everything must be signed; absent: nothing need be. */
  readonly verifyWith?: readonly string[];
}

/** Says which variable cannot be used, and what would do. */
export class BadRelayConfig extends Error {}

export const MAX_KEYS = 100;
const VARIABLE = 'SPILLWAY_RELAY_TOKENS';
/** What a bearer token may consist of; the comma separates. */
const KEY = /^[\x21-\x2b\x2d-\x7e]{8,512}$/;

/** The SDK keys in the environment's variables, each once. */
export function readRelayKeys(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  const keys = [...new Set(listed(variables).split(/[,\s]+/))].filter((key) => key !== '');
  if (keys.length === 0) {
    throw new BadRelayConfig(`${VARIABLE} must list SDK keys, separated by commas: one per environment to relay.`);
  }
  if (keys.length > MAX_KEYS)
    throw new BadRelayConfig(`${VARIABLE} lists ${keys.length} keys; ${MAX_KEYS} are the most.`);
  const wrong = keys.findIndex((key) => !KEY.test(key));
  // Which one, not what it is: it may be a secret with a typing error.
  if (wrong >= 0) throw new BadRelayConfig(`${VARIABLE}: key ${wrong + 1} of ${keys.length} is no SDK key.`);
  return keys;
}

const ORIGINS = 'SPILLWAY_ALLOWED_ORIGINS';

/** Origins like those that a server takes. */
export function readAllowedOrigins(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  return namesIn(variables[ORIGINS]).map((text) => {
    if (text === '*') return text;
    if (URL.canParse(text) && /^https?:\/\/[^/]+\/?$/.test(text)) return new URL(text).origin;
    throw new BadRelayConfig(`${ORIGINS} must be origins like https://shop.example with commas between, or *.`);
  });
}

const RATES = { perAddress: 'SPILLWAY_CLIENT_RATE_PER_ADDRESS', perKey: 'SPILLWAY_CLIENT_RATE_PER_KEY' } as const;
const PROXIES = 'SPILLWAY_TRUSTED_PROXIES';

/** How often client keys may ask, by the variables that a server takes. */
export function readClientLimits(variables: Readonly<Record<string, string | undefined>>): Partial<ClientLimits> {
  const rates = Object.entries(RATES).flatMap(([name, variable]) => {
    const text = variables[variable] ?? '';
    if (text === '') return [];
    if (!/^[0-9]{1,6}$/.test(text))
      throw new BadRelayConfig(`${variable} must be requests a second, or 0 for as many as come.`);
    return [[name, Number(text)]];
  });
  const trustedProxies = namesIn(variables[PROXIES]);
  if (trustedProxies.every(isNetwork)) return { ...Object.fromEntries(rates), trustedProxies };
  throw new BadRelayConfig(`${PROXIES} must be addresses or networks like 10.0.0.0/8 with commas between.`);
}

const VERIFY = 'SPILLWAY_VERIFY_WITH';

/** The public keys that an option or the environment's variables name, with commas between; undefined when neither does. */
export function readPublicKeys(
  variables: Readonly<Record<string, string | undefined>>,
  option?: string,
): readonly string[] | undefined {
  const keys = namesIn(option ?? variables[VERIFY]);
  if (keys.length === 0 && option === undefined) return undefined;
  if (keys.length > 0 && keys.every(isPublicKey)) return keys;
  const named = option === undefined ? VERIFY : '--verify-with';
  throw new BadRelayConfig(
    `${named} must be public keys as \`spillway signing-key create\` prints them: 43 characters each, with commas between.`,
  );
}

function namesIn(text = ''): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function listed(variables: Readonly<Record<string, string | undefined>>): string {
  const { [VARIABLE]: tokens, [`${VARIABLE}_FILE`]: file } = variables;
  if (file === undefined || file === '') return tokens ?? '';
  if (tokens !== undefined && tokens !== '') {
    throw new BadRelayConfig(`${VARIABLE} and ${VARIABLE}_FILE are both set; keep one of them.`);
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadRelayConfig(`${VARIABLE}_FILE names a file that cannot be read: ${reason}`);
  }
}
