import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { usageFailure } from '../output/failure.ts';

const MAX_FILES = 10_000;
const DEFINITIONS = /\.(ya?ml|json)$/;
const FIXTURES = /\.test\.(ya?ml|json)$/;

export type Wanted = 'definitions' | 'fixtures' | 'both';

/**
 * The files that paths stand for: a file is itself, a folder is every YAML and JSON file below it, in the order of their
 * names. What begins with a dot, and `node_modules`, is passed over.
 */
export function findFiles(paths: readonly string[], wanted: Wanted): readonly string[] {
  const files = [...new Set(paths.flatMap((path) => (isFolder(path) ? filesBelow(path, wanted) : [path])))];
  if (files.length > MAX_FILES) throw usageFailure(`There are ${files.length} files; ${MAX_FILES} are the most.`);
  return files;
}

export function isFolder(path: string): boolean {
  return path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function filesBelow(folder: string, wanted: Wanted): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, wanted);
    return isWanted(entry.name, wanted) ? [path] : [];
  });
}

function isWanted(name: string, wanted: Wanted): boolean {
  if (!DEFINITIONS.test(name)) return false;
  return wanted === 'both' || FIXTURES.test(name) === (wanted === 'fixtures');
}
