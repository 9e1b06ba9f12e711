import { type Flag, normaliseAlone, snapshotOf } from '@spillway/core';
import { type Configuration, compile, parseSnapshot, type Snapshot } from '@spillway/evaluator';
import { isFolder } from '../definitions/find-files.ts';
import { findMeaning } from '../definitions/find-meaning.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { failureOf } from '../definitions/report-text.ts';
import { readSourceText } from '../files/source-text.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';
import { chooseEnvironment } from './environment.ts';

/** Snapshots are written by machines and may hold lists of a million members. */
const MAX_SNAPSHOT_BYTES = 256 * 1_048_576;
const PROJECT = 'default';

/** What files say there is in one environment, ready to be asked without a server; a snapshot as the server sends it will do. */
export async function readConfiguration(
  paths: readonly string[],
  environment: string | undefined,
): Promise<Configuration> {
  const snapshot = await snapshotIn(paths, environment);
  return compile(snapshot ?? (await snapshotFromDefinitions(paths, environment)));
}

async function snapshotFromDefinitions(paths: readonly string[], wanted: string | undefined): Promise<Snapshot> {
  const loaded = await loadDefinitions(paths, 'definitions');
  if (loaded.findings.length > 0) throw failureOf(loaded.findings);
  const environment = chooseEnvironment(loaded.definitions, wanted);
  const normalised = normaliseAlone(loaded.definitions, [environment]);
  const findings = findMeaning(normalised, loaded);
  if (findings.length > 0) throw failureOf(findings);
  return snapshotOf(normalised, PROJECT, environment);
}

/** The flags that files define, whatever the environment. */
export async function flagsInDefinitions(paths: readonly string[]): Promise<Iterable<Flag>> {
  const loaded = await loadDefinitions(paths, 'definitions');
  if (loaded.findings.length > 0) throw failureOf(loaded.findings);
  const normalised = normaliseAlone(loaded.definitions);
  const findings = findMeaning(normalised, loaded);
  if (findings.length > 0) throw failureOf(findings);
  return normalised.flags.values();
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
  if (!read.ok) throw new Failure(`${file} is no snapshot that can be read:${read.problem}`, EXIT.invalid);
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
