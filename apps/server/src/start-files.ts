import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keepPrivateFile, readIfThere, writePrivateFile } from './platform-files.ts';

/** What the launcher keeps in the data directory beside the store. */

/** Made at the first start; the processes know one another by them. */
export interface Secrets {
  readonly admin_token: string;
  readonly gateway_token: string;
  readonly supervisor_token: string;
}

/** How programs of the same user find this server without being configured. */
export interface ClientFile {
  readonly url: string;
  readonly gateway_url: string;
  /** An admin token. */
  readonly token: string;
  /** A key of the `development` environment, for the first evaluation. */
  readonly sdk_key?: string;
}

const SECRET_NAMES = ['admin_token', 'gateway_token', 'supervisor_token'] as const satisfies readonly (keyof Secrets)[];
const SECRET_BYTES = 32;

/** Throws when the file is there but not ours. */
export function readSecrets(dataDirectory: string): Secrets {
  const path = join(dataDirectory, 'secrets.json');
  const fresh = Object.fromEntries(SECRET_NAMES.map((name) => [name, randomBytes(SECRET_BYTES).toString('base64url')]));
  const kept: unknown = parse(keepPrivateFile(path, `${JSON.stringify(fresh, null, 2)}\n`));
  if (isSecrets(kept)) return kept;
  throw new Error(`${path} cannot be read as the secrets of a data directory. Move it away to get new ones.`);
}

export function readClientFile(dataDirectory: string): Partial<ClientFile> {
  const kept = parse(readIfThere(join(dataDirectory, 'client.json')) ?? '{}');
  return typeof kept === 'object' && kept !== null ? kept : {};
}

export function writeClientFile(dataDirectory: string, file: ClientFile): void {
  writePrivateFile(join(dataDirectory, 'client.json'), `${JSON.stringify(file, null, 2)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSecrets(value: unknown): value is Secrets {
  return (
    typeof value === 'object' &&
    value !== null &&
    SECRET_NAMES.every((name) => typeof (value as Partial<Record<string, unknown>>)[name] === 'string')
  );
}
