import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Where peers are installed: a folder with a lock file of its own, so that `npm ci` of the project stays without them. */
export const PEERS_FOLDER = join(import.meta.dirname, '..', '..', 'peers');

const require = createRequire(join(PEERS_FOLDER, 'package.json'));

/** A peer's exports. `T` is the part of them that an adapter uses, because peers are not there when types are checked. */
export function peer<T>(name: string): T {
  return require(name);
}

/** Undefined when it is not installed. */
export function peerVersion(name: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(PEERS_FOLDER, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}
