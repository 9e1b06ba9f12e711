import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from './report.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const DEMO_MAX_MS = 120_000;
const temporary = mkdtempSync(join(tmpdir(), 'spw-'));
after(() => rmSync(temporary, { recursive: true, force: true }));

interface Demo {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly messages: () => string;
  readonly code: Promise<number | null>;
}

/** Its temporary directory is this test's own: whatever stays there is what the demo left. */
function startDemo(...args: string[]): Demo {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEMO_MAX_MS,
  });
  const texts = { output: '', messages: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    texts.output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    texts.messages += chunk.toString();
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, output: () => texts.output, messages: () => texts.messages, code };
}

function leftDirectories(): readonly string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('spillway-'));
}

/** Processes whose command line, environment or standard output names one of the demo's directories. */
function leftProcesses(directories: readonly string[]): readonly string[] {
  if (!existsSync('/proc')) return [];
  const commandOf = (pid: string) => {
    try {
      return (
        readFileSync(`/proc/${pid}/cmdline`, 'utf8') +
        readFileSync(`/proc/${pid}/environ`, 'utf8') +
        readlinkSync(`/proc/${pid}/fd/1`)
      );
    } catch {
      return '';
    }
  };
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && directories.some((directory) => commandOf(pid).includes(directory)),
  );
}

test('the demo: v2 is promoted, v3 is detected and taken back, and users see no other error', async () => {
  const demo = startDemo('--json');
  const code = await demo.code;
  assert.match(demo.output(), /^\{/, demo.messages());
  const report = JSON.parse(demo.output()) as Report;
  assert.deepEqual(report.problems, [], demo.messages());
  assert.equal(code, 0);
  assert.equal(report.ok, true);
  assert.ok(report.duration_ms < DEMO_MAX_MS);

  assert.equal(report.rollouts.v2?.status, 'succeeded');
  assert.equal(report.rollouts.v3?.status, 'rolled_back');
  const { v1, v2, v3, gateway } = report.versions;
  assert.ok(v1 && v2 && v3);
  assert.equal(gateway, undefined);
  assert.equal(v1.errors + v2.errors, 0);
  assert.ok(v3.errors > 0 && v3.requests < report.requests / 10);
  assert.equal(v1.requests + v2.requests + v3.requests, report.requests);
  assert.ok(report.requests > 1_000, String(report.requests));
  assert.equal(report.errors, v3.errors);
  assert.equal(report.went_back, 0);

  const errorsIn = (name: string) => report.phases.find(({ phase }) => phase === name)?.errors;
  for (const phase of ['before', 'rollout of v2', 'v2 live', 'after']) assert.equal(errorsIn(phase), 0, phase);
  assert.equal(errorsIn('rollout of v3'), v3.errors);

  assert.ok(report.time_to_detect_ms !== null && report.time_to_detect_ms < 20_000);
  assert.ok(report.time_to_roll_back_ms !== null && report.time_to_roll_back_ms < 5_000);
  assert.match(report.cause ?? '', /v3/);

  assert.match(demo.messages(), /sign-in#code=/);
  assert.match(demo.messages(), /v2 {2}step 2 of 4, 25 % of the users/);
  assert.match(demo.messages(), /v3 {2}taken back/);
  assert.deepEqual(leftDirectories(), []);
});

test('Ctrl-C in the middle ends everything the demo started and removes what it wrote', async () => {
  const demo = startDemo();
  const deadline = performance.now() + 30_000;
  const isOver = () => demo.child.exitCode !== null || performance.now() > deadline;
  while (!demo.output().includes('v2  starting') && !isOver()) await sleep(50);
  assert.equal(demo.child.exitCode, null, demo.messages());
  const mine = leftDirectories();
  assert.equal(mine.length, 1, demo.output());
  // Control plane, gateway, supervisor and the shop's first version.
  assert.ok(!existsSync('/proc') || leftProcesses(mine).length >= 4);
  demo.child.kill('SIGINT');
  assert.equal(await demo.code, 130);
  assert.deepEqual(leftProcesses(mine), []);
  assert.deepEqual(leftDirectories(), []);
});

test('a rate that is out of bounds is refused before anything starts', async () => {
  const demo = startDemo('--rate', '100000');
  assert.equal(await demo.code, 1);
  assert.match(demo.messages(), /--rate must be a whole number from 20 to 300, not "100000"/);
});
