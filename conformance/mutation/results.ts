import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type FileRecord } from './record.ts';
import { scoresText } from './scores.ts';

const RESULTS = join(import.meta.dirname, 'results');
const SCORES = join(import.meta.dirname, 'SCORES.md');
const PACKAGES = join(import.meta.dirname, '..', '..', 'packages');
const MEASURED = ['evaluator', 'statistics'];

export function readResults(): readonly FileRecord[] {
  return MEASURED.flatMap((name) => {
    const path = pathOf(name);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as FileRecord[]) : [];
  });
}

/** Puts `records` in the place of those of the same files, leaves out files that are gone, and writes the scores anew. */
export function keepResults(records: readonly FileRecord[]): void {
  const renewed = new Set(records.map(({ file }) => file));
  const kept = readResults().filter(({ file }) => !renewed.has(file) && existsSync(join(PACKAGES, file)));
  const all = [...kept, ...records].toSorted((one, other) => (one.file < other.file ? -1 : 1));
  mkdirSync(RESULTS, { recursive: true });
  for (const name of MEASURED) {
    const own = all.filter(({ file }) => file.startsWith(`${name}/`));
    writeFileSync(pathOf(name), `${JSON.stringify(own, null, 2)}\n`);
  }
  writeFileSync(SCORES, scoresText(all));
}

/** Files that have no result, or have changed since theirs, and why of both. */
export function dueFiles(): readonly string[] {
  const known = new Map(readResults().map((record) => [record.file, record.source]));
  return MEASURED.flatMap(sourcesOf).flatMap((file) => {
    const source = known.get(file);
    if (source === undefined) return [`${file}: never measured`];
    return source === digestOf(readFileSync(join(PACKAGES, file), 'utf8')) ? [] : [`${file}: changed since`];
  });
}

function sourcesOf(name: string): readonly string[] {
  return readdirSync(join(PACKAGES, name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|(^|\/)(testing\/|index\.ts$|once\.ts$)/.test(path))
    .map((path) => join(name, 'src', path))
    .toSorted();
}

function pathOf(name: string): string {
  return join(RESULTS, `${name}.json`);
}
