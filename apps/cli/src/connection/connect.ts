import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Client, createClient } from '@spillway/contract/client';
import { CALLED_AS } from '../output/called-as.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, usageFailure } from '../output/failure.ts';
import { wrongUrl } from './server-url.ts';

export interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly data?: string | undefined;
  /** How long one call may take; the client's own default unless said otherwise. */
  readonly timeoutMs?: number | undefined;
}

export interface Connection {
  readonly url: string;
  readonly token: string;
  readonly client: Client;
}

/**
 * Where to call and as whom: `--url` and `SPILLWAY_TOKEN`, else `SPILLWAY_URL`, else the data directory of a server
 * started here or in a folder above. A token is never taken from an option: it would stay in the shell's history.
 */
export function connect(options: ConnectionOptions, environment: NodeJS.ProcessEnv = process.env): Connection {
  const directory = options.data ?? given(environment.SPILLWAY_DATA_DIR);
  const local = readLocal(directory);
  const told = options.url ?? urlOf(given(environment.SPILLWAY_URL));
  const url = told ?? local?.url;
  if (url === undefined) throw usageFailure(nobodyKnown(directory));
  const own = told === undefined || told === local?.url ? local?.token : undefined;
  const token = tokenOf(given(environment.SPILLWAY_TOKEN)) ?? own;
  if (token === undefined) throw new Failure(`No token for ${url}. Set SPILLWAY_TOKEN to an admin token.`, EXIT.denied);
  return { url, token, client: createClient({ baseUrl: url, token, timeoutMs: options.timeoutMs }) };
}

/** An empty variable counts as absent, as `NAME= command` means it. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function nobodyKnown(directory: string | undefined): string {
  return directory === undefined
    ? `No Spillway server is known here. Start one with \`${CALLED_AS} start\`, or set SPILLWAY_URL and SPILLWAY_TOKEN.`
    : `No Spillway server has been started with ${resolve(directory)}. Start one with \`${CALLED_AS} start --data ${directory}\`.`;
}

function urlOf(text: string | undefined): string | undefined {
  const wrong = text === undefined ? undefined : wrongUrl(text);
  if (wrong === undefined) return text;
  throw usageFailure(`SPILLWAY_URL ${wrong}.`);
}

/** The token itself is not repeated: it may be almost right. */
function tokenOf(text: string | undefined): string | undefined {
  if (text === undefined || /^[\x21-\x7e]+$/.test(text)) return text;
  throw new Failure('SPILLWAY_TOKEN must be plain characters without spaces or line breaks.', EXIT.denied);
}

interface Local {
  readonly url: string;
  readonly token: string;
}

function readLocal(directory: string | undefined): Local | undefined {
  if (directory !== undefined) return readClientFile(join(resolve(directory), 'client.json'));
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const found = readClientFile(join(folder, '.spillway', 'client.json'));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) return undefined;
  }
}

function readClientFile(path: string): Local | undefined {
  try {
    const value: Partial<Local> = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value.url === 'string' && typeof value.token === 'string'
      ? { url: value.url, token: value.token }
      : undefined;
  } catch {
    return undefined;
  }
}
