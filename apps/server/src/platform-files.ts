import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Directories and files that hold secrets: nobody else on the machine may read them. */

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;

/** The message names the remedy. */
export class UnusableDirectory extends Error {}

/** Throws `UnusableDirectory` when it cannot be made or nothing can be written in it. One that exists already keeps its permissions: it may be anybody's. */
export function makePrivateDirectory(path: string): void {
  try {
    makeDirectory(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnusableDirectory(
      `${path} cannot be used as a directory (${why}). Let this user write there, or name another with --data or SPILLWAY_DATA_DIR.`,
    );
  }
}

/** Parents first. Node's own recursion never ends where directories cannot be made, such as under `/proc`. */
function makeDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: PRIVATE_DIRECTORY });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw error;
  }
}

/** Of a socket's address the system keeps only so many bytes. */
const MAX_SOCKET_PATH_BYTES = 100;

/** Where a socket of this data directory is: inside it, or under a short path of its own where that would be too long. */
export function socketPath(dataDirectory: string, name: string): string {
  const inside = join(dataDirectory, name);
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside;
  const digest = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16);
  const directory = join(tmpdir(), `spillway-${digest}`);
  makePrivateDirectory(directory);
  // Fails when the directory is somebody else's.
  chmodSync(directory, PRIVATE_DIRECTORY);
  return join(directory, name);
}

/** Replaces the file in one step: a reader sees the old text or the new one. */
export function writePrivateFile(path: string, text: string): void {
  const draft = draftOf(path, text);
  renameSync(draft, path);
}

/** Writes the file unless it exists, and answers with what is there: two writers end up with the same text. */
export function keepPrivateFile(path: string, text: string): string {
  const draft = draftOf(path, text);
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(path, 'utf8');
}

/** Undefined when there is no such file. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function draftOf(path: string, text: string): string {
  makeParent(path);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, text, { mode: PRIVATE_FILE, flag: 'wx', flush: true });
  return draft;
}

function makeParent(path: string): void {
  makeDirectory(dirname(path));
}
