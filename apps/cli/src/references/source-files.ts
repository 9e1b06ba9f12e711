import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Longer files are made by machines, and name no flag that a person looks for. */
export const MAX_SOURCE_BYTES = 1_048_576;
const MAX_LISTED_BYTES = 256 * 1_048_576;
const SNIFFED_BYTES = 8_192;
/** Nobody's own code, also where git was not told so. */
const INSTALLED = /(?:^|\/)node_modules\//;
const PASSED_OVER = new Set(['node_modules', 'vendor', 'dist', 'build', 'target']);
/** Files of definitions say what flags there are, not where they are asked. */
const DEFINITIONS = /apiVersion["']?:\s*["']?spillway\/v1/;
const HEAD_CHARACTERS = 1_000;

/** What git tracks or would track below the folder; where there is no git, everything but what is usually made. */
export function sourceFiles(folder: string): readonly string[] {
  return listedByGit(folder) ?? walk(folder, '');
}

function listedByGit(folder: string): readonly string[] | undefined {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: MAX_LISTED_BYTES,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [...new Set(listed.split('\0').filter((path) => path !== '' && !INSTALLED.test(path)))];
  } catch {
    return undefined;
  }
}

function walk(folder: string, below: string): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || PASSED_OVER.has(entry.name)) return [];
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return walk(folder, path);
    return entry.isFile() ? [path] : [];
  });
}

/** The text of a file that may ask for flags; undefined for what is large, binary, gone, or a file of definitions. */
export function readSource(folder: string, path: string): string | undefined {
  try {
    const file = join(folder, path);
    const status = lstatSync(file);
    if (!status.isFile() || status.size > MAX_SOURCE_BYTES) return undefined;
    const bytes = readFileSync(file);
    if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) return undefined;
    const text = bytes.toString('utf8');
    return DEFINITIONS.test(text.slice(0, HEAD_CHARACTERS)) ? undefined : text;
  } catch {
    return undefined;
  }
}
