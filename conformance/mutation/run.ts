import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { recordsOf } from './record.ts';
import { dueFiles, keepResults, readResults } from './results.ts';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '..', '..');
/** What is copied: the rings under test, and what asks them. */
const PARTS = ['packages/evaluator', 'packages/statistics', 'conformance'];
/** Other products' conditions are asked by what imports them, beside the products' own SDKs where those are installed. */
const DIALECTS = 'packages/evaluator/src/dialects';
const IMPORT_PARTS = ['packages/core', 'packages/contract', 'apps/cli', 'benchmarks/evaluation', 'tests/dialects'];
const PEERS = 'benchmarks/peers';
const CONCURRENCY = 2;
/** A mutant that makes a loop endless is found out this long after what its tests usually take. */
const TIMEOUT_MS = 5_000;
const ENOUGH = 90;
/** Tests that weigh the code and do not run it, or ask SDKs, which are not copied. */
const SAYS_NOTHING = /(^|\/)(bundle|conformance\/src\/signatures)\.test\.ts$/;
/** What is made once would be made by the first mutant, and asked by all that come after it. */
const ONCE = 'packages/evaluator/src/once.ts';
const EVERY_TIME = 'export const once = <T>(make: () => T): (() => T) => make;\n';
/** How many of each product's users are asked for: as many as a mutant can wait for. */
const USERS = 'tests/dialects/users.ts';
const FEWER = 'export const USERS = 300;\n';
const REPORT = 'mutation-report.json';

/**
 * `npm run mutation [-- FOLDER… [--tests PATH…]]`: changes the evaluator and the statistics in one place after another and sees
 * whether a test notices. Works on a copy, in which nothing of the working tree can be left changed. Code that every test
 * goes through a million times, such as a hash, is asked by the tests below `PATH` only. What a run came to is kept in
 * `results/`, and `SCORES.md` is written from there: by `--scores` without a run. `--due` names the files to measure.
 */
function main(args: readonly string[]): number {
  if (args[0] === '--due') {
    for (const line of dueFiles()) console.log(line);
    return 0;
  }
  if (args[0] === '--scores') {
    keepResults([]);
    return 0;
  }
  const [folders, tests] = parted(args, '--tests');
  return measure(folders, tests);
}

function measure(folders: readonly string[], tests: readonly string[]): number {
  install();
  const copy = mkdtempSync(join(tmpdir(), 'spillway-mutation-'));
  try {
    copyTo(copy, partsFor(folders));
    writeFileSync(join(copy, ONCE), EVERY_TIME);
    if (existsSync(join(copy, USERS))) writeFileSync(join(copy, USERS), FEWER);
    writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(configuration(copy, folders, tests)));
    const bin = join(HERE, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
    const { status } = spawnSync(process.execPath, [bin, 'run', 'stryker.config.json'], {
      cwd: copy,
      stdio: 'inherit',
    });
    const report = join(copy, REPORT);
    if (existsSync(report)) keepReport(report, folders, tests);
    return status ?? 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function keepReport(path: string, folders: readonly string[], tests: readonly string[]): void {
  cpSync(path, join(HERE, REPORT));
  const measured = new Date().toISOString().slice(0, '2026-11-29'.length);
  const { files } = JSON.parse(readFileSync(path, 'utf8'));
  // Files in which nothing can be changed are not told of.
  const named = folders.filter((folder) => folder.endsWith('.ts') && !(folder in files));
  const unchanged = named.map(
    (file) => [file, { source: readFileSync(join(ROOT, file), 'utf8'), mutants: [] }] as const,
  );
  const report = { files: { ...files, ...Object.fromEntries(unchanged) } };
  keepResults(recordsOf(report, { measured, tests: tests.join(' ') }, readResults()));
}

/** By a lock file of its own, on the first run; `npm ci` of the project never does. */
function install(): void {
  if (existsSync(join(HERE, 'node_modules', '.package-lock.json'))) return;
  console.error('installing the mutation tester, in conformance/mutation (npm ci) ...');
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HERE, stdio: 'inherit' });
}

function partsFor(folders: readonly string[]): readonly string[] {
  return folders.some((folder) => folder.startsWith(DIALECTS))
    ? [...PARTS, ...IMPORT_PARTS, `${PEERS}/package.json`]
    : PARTS;
}

function copyTo(copy: string, parts: readonly string[]): void {
  const options = ['ls-files', '--cached', '--others', '--exclude-standard', ...parts];
  const listed = execFileSync('git', options, { cwd: ROOT, encoding: 'utf8' });
  for (const path of listed.trim().split('\n')) {
    // Git still knows what was deleted a moment ago.
    if (!existsSync(join(ROOT, path))) continue;
    mkdirSync(join(copy, dirname(path)), { recursive: true });
    cpSync(join(ROOT, path), join(copy, path));
  }
  const { name, type } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ name, type, private: true }));
  linkModules(join(copy, 'node_modules'));
  const peers = join(ROOT, PEERS, 'node_modules');
  if (existsSync(join(copy, PEERS)) && existsSync(peers)) symlinkSync(peers, join(copy, PEERS, 'node_modules'));
}

/** All that is installed, but the project's own packages, which must be those of the copy. */
function linkModules(modules: string): void {
  mkdirSync(join(modules, '@spillway'), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@spillway') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  for (const name of ['evaluator', 'statistics', 'core', 'contract']) {
    symlinkSync(join('..', '..', 'packages', name), join(modules, '@spillway', name));
  }
}

function parted(
  args: readonly string[],
  option: string,
): readonly [before: readonly string[], after: readonly string[]] {
  const at = args.indexOf(option);
  return at === -1 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
}

function configuration(copy: string, folders: readonly string[], tests: readonly string[]) {
  const wanted = folders.length === 0 ? ['packages/evaluator/src', 'packages/statistics/src'] : folders;
  return {
    inPlace: true,
    mutate: [
      ...wanted.map((folder) => (folder.endsWith('.ts') ? folder : `${folder}/**/*.ts`)),
      '!**/*.test.ts',
      '!**/testing/**',
      '!**/index.ts',
      `!${ONCE}`,
    ],
    plugins: [join(HERE, 'runner.ts')],
    testRunner: 'in-process',
    spillway_test_files: testFilesOf(copy, wanted).filter((file) => isBelow(file, tests)),
    warnings: { unknownOptions: false, slow: false },
    // What runs at import would take a new process and every test, each time.
    ignoreStatic: true,
    coverageAnalysis: 'perTest',
    concurrency: CONCURRENCY,
    timeoutMS: TIMEOUT_MS,
    disableTypeChecks: false,
    thresholds: { high: ENOUGH, low: ENOUGH, break: null },
    reporters: ['clear-text', 'progress-append-only', 'json'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: REPORT },
    tempDirName: '.stryker-tmp',
    allowConsoleColors: false,
  };
}

function isBelow(file: string, paths: readonly string[]): boolean {
  return paths.length === 0 || paths.some((path) => file.startsWith(path));
}

/** Those of the packages that are changed, and for the evaluator what compares it with the oracle. */
function testFilesOf(copy: string, wanted: readonly string[]): string[] {
  const parts = PARTS.filter((part) => wanted.some((folder) => folder.startsWith(part)));
  if (parts.includes('packages/evaluator')) parts.push('conformance/src');
  if (partsFor(wanted).includes('tests/dialects')) parts.push('tests/dialects');
  const found = parts.flatMap((part) =>
    readdirSync(join(copy, part), { recursive: true, encoding: 'utf8' })
      .map((path) => join(part, path))
      .filter((path) => path.endsWith('.test.ts') && !SAYS_NOTHING.test(path)),
  );
  return parts.includes('packages/evaluator') ? [...found, 'conformance/mutation/differential.ts'] : found;
}

process.exitCode = main(process.argv.slice(2));
