import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createWorld, type World } from './world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

async function said(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await world.run(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

test('a flag is released to a few users, compared, taken back, and says why somebody gets it', async () => {
  await said('flags', 'create', 'base', '--owner', 'shop');
  await said('flags', 'create', 'checkout', '--parent', 'base', '--target-environment', 'staging');
  await said('flags', 'on', 'base', '-e', 'staging');
  await said('flags', 'set', 'checkout', '-e', 'staging', '--users', 'ann, bob');
  const why = await said('flag', 'why', 'checkout', '-e', 'staging', '--key', 'ann', '-a', 'organisation.size=30');
  assert.match(why, /^checkout is true \(on\), TARGETING_MATCH\n/);
  assert.match(why, /ann/);
  const attributes = ['-c', '{"organisation.size":30,"plan":"pro"}', '-a', 'plan=free'];
  const { trace } = JSON.parse(await said('flag', 'why', 'checkout', '-e', 'staging', ...attributes, '--json'));
  assert.equal(trace.decided_by, 'fallthrough');
  const refused = await world.run(['flags', 'on', 'checkout', '-e', 'development']);
  assert.equal(refused.code, 5);
  assert.match(refused.stderr, /target_environments are staging/);

  await said('flags', 'set', 'checkout', '-e', 'staging', '--all-users');
  assert.match(await said('flags', 'diff', 'checkout'), /version 2 → 3\n[\s\S]*fallthrough\/variant: "off" → "on"/);
  assert.match(
    await said('flags', 'history', 'checkout'),
    /^VERSION +WHEN +WHO +WHY\n3 +20\S+ +\S+\n {4}staging: [^\n]*everyone else gets off → on\n2 [\s\S]*\n1 [^\n]*\n {4}created, off everywhere\n$/,
  );
  await said('flags', 'restore', 'checkout', '2');
  assert.match(await said('flags', 'why', 'checkout', '-e', 'staging', '-k', 'eve'), /^checkout is false \(off\)/);

  assert.match(await said('flags', 'dependents', 'base'), /flag checkout is a child of it/);
  const archived = await world.run(['flags', 'archive', 'base']);
  assert.notEqual(archived.code, 0);
  assert.match(archived.stderr, /checkout depend on base/);
});

test('turning on what is on changes nothing, and says so', async () => {
  await said('flags', 'create', 'lit');
  assert.match(await said('flags', 'on', 'lit', '-e', 'staging'), /^lit is on in staging \(version 2\)/);
  const again = await world.run(['flags', 'on', 'lit', '-e', 'staging']);
  assert.equal(again.code, 0, again.stderr);
  assert.match(again.stdout, /^lit is on in staging \(version 2\)/);
  assert.match(again.stderr, /^Nothing changed: it was so already\.$/m);
  const { unchanged } = JSON.parse(await said('flags', 'on', 'lit', '-e', 'staging', '--json'));
  assert.equal(unchanged, true);
});

test('F2: a flag is prepared for its kind, or for whom an option names, and is off', async () => {
  const told = await said('flags', 'create', 'some', '--kind', 'percentage');
  assert.match(told, /staging +off +0 +on 10 %, off 90 %/);
  const quarter = await world.json(['flags', 'create', 'quarter', '--kind', 'experiment', '--percentage', '25']);
  assert.deepEqual(quarter.environments?.staging?.fallthrough?.split?.[0], { variant: 'on', percentage: 25 });
  assert.equal(quarter.environments?.staging?.enabled, false);
  const named = await world.json([
    'flags',
    'create',
    'named',
    '--users',
    'ann, bob',
    '--target-environment',
    'staging',
  ]);
  assert.deepEqual(named.environments?.staging?.targets, [{ variant: 'on', keys: ['ann', 'bob'] }]);
  assert.equal(named.environments?.production, undefined);
  const both = await world.run(['flags', 'create', 'both', '--percentage', '1', '--all-users']);
  assert.match(both.stderr, /exclude one another/);
});

test('F8: what is kept about a flag is changed, and its state stays', async () => {
  await said('flags', 'create', 'kept', '--tags', 'web, old', '--kind', 'percentage', '--parent', 'base');
  await said('flags', 'set', 'kept', '-e', 'staging', '--percentage', '30');
  const args = ['--owner', 'ledger', '--tags', 'web,checkout', '--no-parent', '--permanent', '--reason', 'tidied'];
  const told = await said('flags', 'update', 'kept', ...args);
  assert.match(told, /owner: ledger {2}tags: web, checkout {2}kind: percentage {2}meant to stay/);
  const flag = await world.json(['flags', 'get', 'kept']);
  assert.deepEqual([flag.version, flag.parent, flag.tags], [3, undefined, ['web', 'checkout']]);
  assert.match(told, /staging +on +0 +on 30 %, off 70 %/);
  assert.match((await world.run(['flags', 'update', 'kept'])).stderr, /Say what to change/);
  const late = await world.run(['flags', 'update', 'kept', '--owner', 'shop', '--if-version', '2']);
  assert.equal(late.code, 6, late.stderr);
  await said('flags', 'archive', 'kept', '--reason', 'tidied');
  const archived = await world.run(['flags', 'update', 'kept', '--tags', '']);
  assert.equal(archived.code, 6);
  assert.match(archived.stderr, /kept is archived. Bring it back first/);
  const asked = await world.run(['flags', 'why', 'kept', '-e', 'staging', '-k', 'ann']);
  assert.equal(asked.code, 3);
  assert.match(
    asked.stderr,
    /^The flag kept is archived\. Bring it back: spillway flags history kept, then flags restore\.$/m,
  );
});

test('flags are listed by what is kept of them', async () => {
  await said('flags', 'create', 'listed', '--owner', 'payments');
  const { items, total } = await world.json(['flags', 'list', '--owner', 'payments']);
  assert.deepEqual([items?.length, total], [1, 1]);
  assert.match(await said('flags', 'list', '--stale', 'true'), /^No flags like that\./);
  const wrong = await world.run(['flags', 'list', '--sort', 'size']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /key, updated, -updated/);
});

test('what cannot be understood is said before a server is asked', async () => {
  const two = await world.run(['flags', 'set', 'a', '-e', 'staging', '--all-users', '--percentage', '5']);
  assert.equal(two.code, 2);
  assert.match(two.stderr, /exclude one another/);
  const attribute = await world.run(['flags', 'why', 'a', '-e', 'staging', '-a', 'plan']);
  assert.equal(attribute.code, 2);
  assert.match(attribute.stderr, /must be like plan=pro/);
});

test('where flags stand in code is told to the server, in the name that git knows', async () => {
  await said('flags', 'create', 'searched');
  const source = join(world.directory, 'source');
  await mkdir(join(source, 'src'), { recursive: true });
  await writeFile(join(source, 'src/a.ts'), "if (await client.boolean('searched', false)) show();\n");
  const nameless = await world.run(['flags', 'references', 'source', '--upload']);
  assert.equal(nameless.code, 2, nameless.stderr);
  assert.match(nameless.stderr, /--repository/);
  const git = (...args: string[]) => execFileSync('git', ['-C', source, ...args], { stdio: 'ignore' });
  git('init');
  git('remote', 'add', 'origin', 'https://someone:secret@git.acme.test/acme/shop.git');
  const told = await world.run(['flags', 'references', 'source/src', '--upload']);
  assert.equal(told.code, 0, told.stderr);
  assert.match(told.stdout, /^source\/src\/a\.ts:1 {2}searched /, 'a path that can be followed from here');
  assert.match(told.stderr, /^1 places? told to the server for git\.acme\.test\/acme\/shop\./);
  const { stdout } = await world.run(['flags', 'get', 'searched', '--json']);
  assert.ok(!stdout.includes('secret'));
  const answer = await fetch(`${world.url}/api/v1/feature-flags/searched/references`, {
    headers: { authorization: `Bearer ${world.token}` },
  });
  assert.deepEqual(await answer.json(), {
    references: [
      {
        repository: 'git.acme.test/acme/shop',
        path: 'src/a.ts',
        line: 1,
        text: "if (await client.boolean('searched', false)) show();",
      },
    ],
  });
});

test('the server is asked about a past moment, too', async () => {
  await said('flags', 'create', 'timed');
  await said('flags', 'on', 'timed', '-e', 'staging');
  const meanwhile = new Date().toISOString();
  await setTimeout(20);
  await said('flags', 'off', 'timed', '-e', 'staging');
  const ask = (...more: string[]) => said('evaluate', 'timed', '-e', 'staging', '-k', 'ann', '--json', ...more);
  assert.equal((JSON.parse(await ask()) as { value: unknown }).value, false);
  assert.equal((JSON.parse(await ask('--at', meanwhile)) as { value: unknown }).value, true);
});
