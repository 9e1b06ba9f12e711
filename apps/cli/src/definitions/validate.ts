import { normaliseAlone } from '@spillway/core';
import { findMeaning, findUnreachable } from './find-meaning.ts';
import type { Finding, Severity } from './finding.ts';
import { type Loaded, loadDefinitions } from './load.ts';

/** Everything that is wrong with the files, in the order of the files; `doubts` says how grave a warning is. */
export async function validatePaths(
  paths: readonly string[],
  doubts: Severity,
): Promise<{ readonly files: readonly string[]; readonly findings: readonly Finding[] }> {
  const loaded = await loadDefinitions(paths, 'both');
  const normalised = normaliseAlone(loaded.definitions);
  const warnings = findUnreachable(normalised, loaded).map((warning) => ({ ...warning, severity: doubts }));
  // What a file with mistakes would have defined is not there, and others may refer to it.
  const meaning = loaded.findings.length > 0 ? [] : findMeaning(normalised, loaded);
  return { files: loaded.files, findings: inOrder([...loaded.findings, ...meaning, ...warnings], loaded) };
}

function inOrder(findings: readonly Finding[], { files }: Loaded): readonly Finding[] {
  const rank = new Map(files.map((file, index) => [file, index]));
  return findings.toSorted(
    ({ place: one }, { place: other }) =>
      (rank.get(one.file) ?? 0) - (rank.get(other.file) ?? 0) || one.line - other.line || one.column - other.column,
  );
}
