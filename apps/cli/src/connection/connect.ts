import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Client, createClient } from '@spillway/contract/client';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';

export interface ConnectionOptions {
  readonly url?: string | undefined;
  readonly data?: string | undefined;
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
  const local = readLocal(options.data ?? environment.SPILLWAY_DATA_DIR);
  const told = options.url ?? environment.SPILLWAY_URL;
  const url = told ?? local?.url;
  if (url === undefined) {
    throw new Failure(
      'No Spillway server is known here. Start one with `spillway start`, or set SPILLWAY_URL and SPILLWAY_TOKEN.',
      EXIT.usage,
    );
  }
  const token = environment.SPILLWAY_TOKEN ?? (told === undefined || told === local?.url ? local?.token : undefined);
  if (token === undefined) throw new Failure(`No token for ${url}. Set SPILLWAY_TOKEN to an admin token.`, EXIT.denied);
  return { url, token, client: createClient({ baseUrl: url, token }) };
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
