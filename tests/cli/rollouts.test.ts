import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { readPlan } from '../../examples/shop/demo/plans.ts';
import { startShoppers } from '../../examples/shop/demo/shoppers.ts';
import { createWorld, type Json, spillwayAtTerminal, type World } from './world.ts';

const SHOP = fileURLToPath(new URL('../../examples/shop', import.meta.url));
const RATE = 60;
const ESCAPE = '\u001b';
const COLOUR = new RegExp(`${ESCAPE}\\[\\d+m`);
const AMBER_BAR = new RegExp(`${ESCAPE}\\[33m█+`);
const DRAWN_OVER = new RegExp(`${ESCAPE}\\[\\d+A\r`);

/** A terminal cannot be made without this; it comes with every Debian. */
const skip = canOpenTerminal() ? false : 'needs `script` of util-linux to open a terminal';

describe('given the shop with people in it', () => {
  let world: World;
  let shoppers: { stop(): Promise<void> } | undefined;

  before(async () => {
    world = await createWorld();
    await world.json(['services', 'put', 'shop', '-e', 'production']);
    await writePlan('v1', [{ percentage: 100, bake_ms: 0 }]);
    const first = await world.run(['rollout', 'apply', '-f', 'v1.yaml', '--watch', '--reason', 'the first version']);
    assert.equal(first.code, 0, first.stderr);
    shoppers = startShoppers(world.gatewayUrl, RATE, () => undefined);
  });
  after(async () => {
    await shoppers?.stop();
    await world.close();
  });

  /** The shop's own plan, with other steps and fewer requests needed to judge. Its directory is where the plan's own would be. */
  async function writePlan(name: string, steps: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const plan = await readPlan(name, {});
    const stages = plan.stages.map((stage) => {
      const analysis = { ...stage.strategy.analysis, minimum_requests: 5 };
      return { ...stage, strategy: { ...stage.strategy, steps, analysis } };
    });
    await writeFile(join(world.directory, `${name}.yaml`), stringify({ ...plan, stages }));
  }

  const QUICK = [
    { percentage: 50, bake_ms: '3s' },
    { percentage: 100, bake_ms: '1s' },
  ];
  const PATIENT = [
    { percentage: 25, bake_ms: '60s' },
    { percentage: 60, bake_ms: '60s' },
    { percentage: 100, bake_ms: '1s' },
  ];

  test('R1, R12: apply --watch follows a canary to its end, a plain line per decision', async () => {
    await writePlan('v2', QUICK);
    const { code, stdout, stderr } = await world.run(['rollout', 'apply', '-f', 'v2.yaml', '--watch']);
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split('\n');
    assert.ok(lines.every((line) => /^ +\d+ {2}\d{4}-\S+Z {2}rollout\.\w+ {2}shop-v2 {2}by \S+/.test(line)));
    assert.match(lines[0] ?? '', /rollout\.started .*shop to v2/);
    assert.match(lines.at(-1) ?? '', /rollout\.succeeded/);
    const numbers = lines.map((line) => Number(line.slice(0, 6)));
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].sort((a, b) => a - b),
      'each once, in order',
    );
    assert.ok(!stdout.includes(ESCAPE), 'no colours without a terminal');

    const view = await world.run(['rollout', 'get', 'shop-v2']);
    assert.match(view.stdout, /^shop-v2 {3}✔ succeeded {3}production · generation 1 · took \d+s\n/);
    assert.match(view.stdout, /traffic {2}v2 █{24} 100 %\n {2}├── # v2 {2}stable {2}✔ 1\/1 healthy/);
    const history = await world.run(['rollout', 'history', 'shop-v2', '--limit', '500']);
    assert.match(history.stdout, /max error rate +pass {2}0 % \(bound 5 %\)/);
    assert.match(history.stdout, /max response time +pass {2}\d+ ms \(bound 900 ms\)/);
    assert.match((await world.run(['rollout', 'list'])).stdout, /shop-v2 +succeeded +production +shop: succeeded/);
    assert.equal((await world.json(['rollout', 'list'])).items?.length, 2);
  });

  test('R4: a bad version is taken back, and the command says so to scripts', async () => {
    await writePlan('v3', PATIENT);
    const { code, stdout, stderr } = await world.run(['rollout', 'apply', '-f', 'v3.yaml', '--watch', '--json']);
    assert.equal(code, 8, stderr);
    const entries = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    assert.equal(entries.at(-1)?.action, 'rollout.rolled_back');
    assert.equal((await world.json(['rollout', 'get', 'shop-v3'])).status, 'rolled_back');
    const again = await world.run(['rollout', 'get', 'shop-v3', '--watch']);
    assert.equal(again.code, 8, 'it has ended already');
  });

  test('pause, resume, promote and abort; watching gives up in time', async () => {
    await writePlan('v1', PATIENT);
    const started = await world.run(['rollout', 'apply', '-f', 'v1.yaml']);
    assert.equal(started.stdout, 'shop-v1 is progressing. Watch it: spillway rollout get shop-v1 --watch\n');
    const second = await world.run(['rollout', 'apply', '-f', 'v2.yaml']);
    assert.equal(second.code, 6, 'one at a time');
    const late = await world.run(['rollout', 'get', 'shop-v1', '--watch', '--timeout', '2s']);
    assert.equal(late.code, 9);
    assert.equal(late.stderr, 'shop-v1 has not ended within 2s; it goes on.\n');
    assert.equal(
      (await world.run(['rollout', 'pause', 'shop-v1', '--reason', 'a look'])).stdout,
      'shop-v1 is paused\n',
    );
    const held = await world.run(['rollout', 'get', 'shop-v1']);
    assert.match(held.stdout, /॥ paused .*\n {2}held {2}a look\n/);
    assert.match(held.stdout, /\n {2}next {2}60 % for 1m00s → 100 % for 1s\n/);
    assert.equal((await world.json(['rollout', 'resume', 'shop-v1'])).status, 'progressing');
    assert.match((await world.run(['rollout', 'promote', 'shop-v1'])).stdout, /it goes to the next step/);
    assert.equal((await world.run(['rollout', 'abort', 'shop-v1'])).stdout, 'shop-v1 is rolling back\n');
    assert.equal((await world.run(['rollout', 'get', 'shop-v1', '--watch'])).code, 8);
    assert.equal((await world.run(['rollout', 'abort', 'shop-v1'])).code, 6);
  });

  test('a directory in a plan is where the plan says, wherever the command is run', async () => {
    await cp(SHOP, join(world.directory, 'shop'), { recursive: true });
    const plan = await readPlan('v1', {});
    const stages = plan.stages.map((stage) => ({ ...stage, version: { ...stage.version, directory: './shop' } }));
    await writeFile(join(world.directory, 'here.yaml'), stringify({ ...plan, stages }));
    const elsewhere = { cwd: dirname(SHOP), env: { SPILLWAY_DATA_DIR: join(world.directory, '.spillway') } };
    const args = ['rollout', 'apply', '-f', join(world.directory, 'here.yaml'), '--json'];
    const applied = JSON.parse((await world.run(args, elsewhere)).stdout) as Json;
    assert.equal(applied.plan?.stages?.[0]?.version?.directory, join(world.directory, 'shop'));
    await world.json(['rollout', 'abort', 'shop-v1']);
    await world.run(['rollout', 'get', 'shop-v1', '--watch']);
  });

  test('at a terminal: drawn in place, in colour, and steered with single keys', { skip }, async () => {
    await writePlan('v1', PATIENT);
    await world.json(['rollout', 'apply', '-f', 'v1.yaml']);
    const script = keysInTurn([
      [/step 1\/3 · 25 %/, 's'],
      [/Paused: it stays at this step\..*\[s\] resume/s, 's'],
      [/Resumed\..*\[s\] pause/s, 'a'],
      [/Abort shop-v1 and send all traffic back\? \[y\]es \[n\]o/, 'n'],
      [/\[a\]bort/, 'p'],
      [/(Promoted: it goes to the next step|broke a bound)/, ''],
      [/\[a\]bort/, 'a'],
      [/\[y\]es \[n\]o/, 'y'],
    ]);
    const args = ['rollout', 'get', 'shop-v1', '--watch'];
    const { code, stdout } = await spillwayAtTerminal(args, {
      cwd: world.directory,
      env: { TERM: 'xterm' },
      type: script.type,
    });
    assert.equal(script.left(), 0, `waits for ${script.next()}`);
    assert.equal(code, 8);
    assert.match(stdout, AMBER_BAR, 'the canary is amber');
    assert.match(stdout, DRAWN_OVER, 'drawn over what was there');
    assert.match(stdout, /✖ rolled back/);
    assert.equal((await world.json(['rollout', 'get', 'shop-v1'])).status, 'rolled_back');
  });

  test('q leaves the rollout alone, and NO_COLOR is obeyed', { skip }, async () => {
    await world.json(['rollout', 'apply', '-f', 'v1.yaml']);
    const script = keysInTurn([[/step 1\/3 · 25 %/, 'q']]);
    const { code, stdout } = await spillwayAtTerminal(['rollout', 'get', 'shop-v1', '--watch'], {
      cwd: world.directory,
      env: { TERM: 'xterm', NO_COLOR: '1' },
      type: script.type,
    });
    assert.equal(code, 130);
    assert.match(stdout, /shop-v1 goes on\. Watch it again: spillway rollout get shop-v1 --watch/);
    assert.doesNotMatch(stdout, COLOUR);
    assert.equal((await world.json(['rollout', 'get', 'shop-v1'])).status, 'progressing');
  });
});

/** Presses each key once what it waits for has been shown, after the key before it. */
function keysInTurn(steps: readonly (readonly [RegExp, string])[]) {
  let at = 0;
  let from = 0;
  return {
    type(shown: string): string | undefined {
      const [awaited, keys] = steps[at] ?? [];
      if (awaited === undefined || keys === undefined || !awaited.test(shown.slice(from))) return undefined;
      at += 1;
      from = shown.length;
      return keys;
    },
    left: () => steps.length - at,
    next: () => String(steps[at]?.[0]),
  };
}

function canOpenTerminal(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes('util-linux');
  } catch {
    return false;
  }
}
