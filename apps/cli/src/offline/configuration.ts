import { type Configuration, compile, parseSnapshot, type Snapshot } from '@spillway/evaluator';
import { isFolder } from '../definitions/find-files.ts';
import { readSourceText } from '../files/source-text.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';

/** Snapshots are written by machines and may hold lists of a million members. */
const MAX_SNAPSHOT_BYTES = 256 * 1_048_576;

/** What files say there is in one environment, ready to be asked without a server; a snapshot as the server sends it will do. */
export async function readConfiguration(
  paths: readonly string[],
  environment: string | undefined,
): Promise<Configuration> {
  const snapshot = await snapshotIn(paths, environment);
  if (snapshot !== undefined) return compile(snapshot);
  // Reading definitions takes a library or two, which a snapshot need not wait for.
  const { snapshotFromDefinitions } = await import('./definitions.ts');
  return compile(await snapshotFromDefinitions(paths, environment));
}

/** Undefined when the one file named is none. */
async function snapshotIn(paths: readonly string[], environment: string | undefined): Promise<Snapshot | undefined> {
  const [file] = paths;
  if (file === undefined || paths.length > 1 || file === '-' || isFolder(file)) return undefined;
  const source = await readSourceText(file, MAX_SNAPSHOT_BYTES);
  if (!source.ok || !source.text.trimStart().startsWith('{')) return undefined;
  const value = parsed(source.text);
  if (!isObject(value) || !('format' in value)) return undefined;
  const read = parseSnapshot(value);
  if (!read.ok) throw new Failure(`${file} is no snapshot that can be read: ${read.problem.trimStart()}`, EXIT.invalid);
  const { snapshot } = read;
  if (environment === undefined || environment === snapshot.environment) return snapshot;
  throw new Failure(`${file} is the snapshot of ${snapshot.environment}, not of ${environment}.`, EXIT.notFound);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
