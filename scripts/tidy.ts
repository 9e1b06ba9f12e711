import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { deadExports } from './dead-exports.ts';
import { unlocked } from './locked.ts';
import { AMBIENT, RINGS, type Ring } from './rings.ts';
import { importsOf, readSources, type Source, withoutComments } from './sources.ts';

const MAX_LINES = 500;
const FORBIDDEN_NAMES = /(^|\/)(utils?|helpers?|common|shared|manager|types)(\/|\.tsx?$)/;
const SUPPRESSION = /@ts-(?:ignore|nocheck|expect-error(?!\s+\S))|biome-ignore\s+\S+:\s*(<|$)/;

/** One broken rule, in the form editors make clickable. */
export interface Violation {
  readonly at: string;
  readonly problem: string;
}

export function tidy(root: string): Violation[] {
  const sources = readSources(root);
  const lock = unlocked(root).map((folder) => ({
    at: `${folder}/package.json:1`,
    problem: 'package-lock.json has it otherwise, and no clean install succeeds; npm run lock',
  }));
  const dead = deadExports(sources).map(({ path, line, name }) => ({
    at: `${path}:${line}`,
    problem: `nobody uses ${name}; take it out`,
  }));
  return [...sources.flatMap((source) => checkSource(root, source)), ...cyclesBetween(sources), ...dead, ...lock];
}

function checkSource(root: string, source: Source): Violation[] {
  const found: Violation[] = [];
  const report = (line: number, problem: string) => found.push({ at: `${source.path}:${line}`, problem });
  if (source.lines > MAX_LINES) report(1, `${source.lines} lines; ${MAX_LINES} are the most`);
  if (FORBIDDEN_NAMES.test(source.path)) report(1, 'the name says nothing; use the noun it is about');
  source.text.split('\n').forEach((text, index) => {
    if (source.path !== 'scripts/tidy.ts' && SUPPRESSION.test(text)) report(index + 1, 'suppression without a reason');
    if (/\b(it|test|describe)\.only\(/.test(text)) report(index + 1, 'focused test');
  });
  const ring = RINGS.find((candidate) => source.path.startsWith(`${candidate.folder}/`));
  if (ring) {
    const test = isTest(source.path);
    for (const item of importsOf(source.text)) {
      const problem = importProblem(root, ring, source.path, item.specifier, test);
      if (problem) report(item.line, problem);
    }
    if (ring.pure && !test) checkAmbient(source, report);
  }
  return found;
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$|(^|\/)testing\/|(^|\/)contract\.ts$/.test(path);
}

/** Why this import is not allowed from this ring; undefined when it is. */
export function importProblem(
  root: string,
  ring: Ring,
  path: string,
  specifier: string,
  test: boolean,
): string | undefined {
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(path), specifier));
    return target.startsWith(`${ring.folder}/`) || test || ring.workspace === 'any'
      ? undefined
      : `${ring.folder} reaches outside itself: '${specifier}'`;
  }
  if (test) return undefined;
  if (specifier.startsWith('node:')) {
    return ring.node ? undefined : `${ring.folder} must not know Node: '${specifier}'`;
  }
  const name = packageName(specifier);
  if (name.startsWith('@spillway/')) {
    const allowed = ring.workspace === 'any' || ring.workspace.includes(name) || ringOf(name) === ring.folder;
    if (!allowed) return `imports point inward: ${ring.folder} must not import '${specifier}'`;
  } else if (ring.npm === 'none') {
    return `${ring.folder} has no dependencies: '${specifier}'`;
  }
  return declared(root, ring.folder, name) ? undefined : `'${name}' is not declared in ${ring.folder}/package.json`;
}

function checkAmbient(source: Source, report: (line: number, problem: string) => void): void {
  const lines = withoutComments(source.text).split('\n');
  lines.forEach((text, index) => {
    for (const { pattern, instead } of AMBIENT) {
      if (pattern.test(text)) report(index + 1, `ambient ${pattern.exec(text)?.[0]}: ${instead}`);
    }
  });
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

function ringOf(name: string): string | undefined {
  return RINGS.find((ring) => ring.folder.endsWith(`/${name.slice('@spillway/'.length)}`))?.folder;
}

const manifests = new Map<string, Set<string>>();

function declared(root: string, folder: string, name: string): boolean {
  const known = manifests.get(folder) ?? readManifest(root, folder);
  manifests.set(folder, known);
  return known.has(name);
}

function readManifest(root: string, folder: string): Set<string> {
  try {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const groups = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
    return new Set([manifest.name, ...groups.flatMap((group) => Object.keys(manifest[group] ?? {}))]);
  } catch {
    return new Set();
  }
}

/** Import cycles between files, found depth first; type-only imports do not count, they vanish at run time. */
function cyclesBetween(sources: readonly Source[]): Violation[] {
  const paths = new Set(sources.map((source) => source.path));
  const edges = new Map(sources.map((source) => [source.path, runtimeTargets(source, paths)]));
  const done = new Set<string>();
  const found: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      found.push({ at: `${path}:1`, problem: `import cycle: ${[...trail.slice(start), path].join(' → ')}` });
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

function runtimeTargets(source: Source, paths: ReadonlySet<string>): string[] {
  return importsOf(source.text)
    .filter((item) => item.specifier.startsWith('.') && !item.typeOnly)
    .map((item) => normalize(join(dirname(source.path), item.specifier)))
    .filter((path) => paths.has(path));
}

if (import.meta.main) {
  const violations = tidy(join(import.meta.dirname, '..'));
  for (const { at, problem } of violations) console.error(`${at}  ${problem}`);
  if (violations.length > 0)
    console.error(`tidy: ${violations.length} rule(s) broken; ARCHITECTURE.md says why they exist`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
