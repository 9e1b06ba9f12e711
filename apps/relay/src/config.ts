import { readFileSync } from 'node:fs';

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
  const texts = (variables[ORIGINS] ?? '').split(',').map((text) => text.trim());
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      if (text === '*') return text;
      if (URL.canParse(text) && /^https?:\/\/[^/]+\/?$/.test(text)) return new URL(text).origin;
      throw new BadRelayConfig(`${ORIGINS} must be origins like https://shop.example with commas between, or *.`);
    });
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
