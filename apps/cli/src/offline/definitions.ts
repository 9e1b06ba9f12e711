import { type Flag, normaliseAlone, snapshotOf } from '@spillway/core';
import type { Snapshot } from '@spillway/evaluator';
import { findMeaning } from '../definitions/find-meaning.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { failureOf } from '../definitions/report-text.ts';
import { chooseEnvironment } from './environment.ts';

const PROJECT = 'default';

/** What files say there is in one environment: the one that is wanted, or the only one that they name. */
export async function snapshotFromDefinitions(paths: readonly string[], wanted: string | undefined): Promise<Snapshot> {
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
