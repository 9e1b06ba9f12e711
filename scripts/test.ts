import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const ROOT = join(import.meta.dirname, '..');
/** Whole-system tests own ports, processes and time, and a million cases every processor; they run one after another. */
const WHOLE_SYSTEM = /^(apps|examples|tests|conformance\/million)\//;
const FILE_TIMEOUT_MS = 300_000;
/** What was compiled once: tests start some hundred processes of the same sources. */
const COMPILED = join(ROOT, 'node_modules', '.cache', 'compiled');

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** `npm test [-- --fast] [PATH…]`: every `*.test.ts`, or those below the given paths. */
async function main(args: readonly string[]): Promise<number> {
  const fast = args.includes('--fast');
  const only = args.filter((arg) => !arg.startsWith('--'));
  const files = testFiles().filter((path) => only.length === 0 || only.some((prefix) => path.startsWith(prefix)));
  const parts = files.filter((path) => !WHOLE_SYSTEM.test(path));
  const wholes = fast ? [] : files.filter((path) => WHOLE_SYSTEM.test(path));
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  await runFiles(parts, 2, tally);
  await runFiles(wholes, 1, tally);
  if (tally.passed + tally.failed === 0) {
    console.error('no test was found');
    return 1;
  }
  console.log(
    `\n${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`,
  );
  return tally.failed === 0 ? 0 : 1;
}

function testFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.test.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return [...new Set(listed.split('\n').filter((path) => path !== ''))].sort();
}

function runFiles(files: readonly string[], concurrency: number, tally: Tally): Promise<void> {
  if (files.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const events = run({ files: files.map((path) => join(ROOT, path)), concurrency, timeout: FILE_TIMEOUT_MS });
    events.on('test:pass', (data) => {
      if (data.details.type === 'suite') return;
      if (data.skip !== undefined && data.skip !== false) tally.skipped++;
      else tally.passed++;
    });
    events.on('test:fail', (data) => {
      if (data.details.type !== 'suite') tally.failed++;
    });
    events.once('end', () => resolve());
    events.compose(spec).pipe(process.stdout, { end: false });
  });
}

process.exitCode = await main(process.argv.slice(2));
