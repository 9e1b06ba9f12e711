import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createWorld, type World } from './world.ts';

let world: World;
before(async () => {
  world = await createWorld();
});
after(() => world.close());

/** What people see, when it worked and left nothing to complain about. */
async function shown(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await world.run(args);
  assert.equal(code, 0, `spillway ${args.join(' ')}: ${stderr}`);
  return stdout;
}

test('a flag from its creation to its end', async () => {
  const created = await shown('flags', 'create', 'new-checkout');
  assert.match(created, /^new-checkout {2}boolean {2}version 1\n/);
  assert.match(created, /Off in every environment\. Turn it on: spillway flags on new-checkout -e ENVIRONMENT\n$/);
  assert.match(
    await shown('flags', 'list'),
    /^KEY +TYPE +ENVIRONMENTS +STALE +DESCRIPTION\nnew-checkout +boolean +- +- /,
  );
  const set = ['flags', 'set', 'new-checkout', '-e', 'staging', '--percentage', '10%', '--if-version', '1'];
  assert.match(await shown(...set), /staging +on +0 +on 10 %, off 90 %\nEnvironments that are not listed are off\.\n$/);
  assert.equal(
    await shown('flag', 'off', 'new-checkout', '-e', 'staging'),
    'new-checkout is off in staging (version 3)\n',
  );
  const on = await world.json(['flags', 'on', 'new-checkout', '-e', 'production', '--reason', 'release 2.4']);
  assert.equal(on.environments?.production?.enabled, true);
  const got = await world.json(['flags', 'get', 'new-checkout']);
  assert.equal(got.version, 4);
  assert.equal((await world.json(['flags', 'list', '--search', 'checkout'])).items?.length, 1);
  assert.equal(await shown('flags', 'archive', 'new-checkout', '--reason', 'done'), 'new-checkout is archived\n');
  const unsure = await world.run(['flags', 'delete', 'new-checkout']);
  assert.equal(unsure.code, 2);
  assert.match(unsure.stderr, /--yes/);
  assert.deepEqual(await world.json(['flags', 'delete', 'new-checkout', '--yes', '--reason', 'gone']), {
    deleted: 'new-checkout',
  });
});

test('a flag from a file, and from standard input', async () => {
  const file = join(world.directory, 'theme.yaml');
  const theme = 'type: string\nvariants:\n  - { name: dark, value: "#000" }\n  - { name: light, value: "#fff" }\n';
  await writeFile(file, theme);
  const made = await world.json(['flags', 'create', 'theme', '-f', 'theme.yaml', '--owner', 'web']);
  assert.equal(made.owner, 'web');
  assert.equal(made.variants?.length, 2);
  const piped = await world.run(['flags', 'create', 'theme-2', '-f', '-', '--json'], { input: theme });
  assert.equal(piped.code, 0, piped.stderr);
  await writeFile(file, 'enabled: true\nfallthrough: { variant: light }\n');
  assert.match(await shown('flags', 'set', 'theme', '-e', 'staging', '-f', 'theme.yaml'), /staging +on +0 +light/);
});

test('evaluating one flag, several and all', async () => {
  const one = await shown('evaluate', 'welcome-banner', '-e', 'development', '-k', 'you');
  assert.match(
    one,
    /^FLAG +VALUE +VARIANT +REASON +BECAUSE\nwelcome-banner +true +on +SPLIT +the place in the split\n/,
  );
  const context = ['-k', 'you', '-c', '{"plan":"pro"}'];
  const single = await world.json(['evaluate', 'welcome-banner', '-e', 'development', ...context]);
  assert.equal(single.value, true);
  const all = await world.json(['evaluate', '-e', 'development', ...context]);
  assert.ok(Number(all.evaluations?.length) >= 1);
  const two = await world.run(['evaluate', 'welcome-banner', 'welcome-baner', '-e', 'development', '--json']);
  const { evaluations } = JSON.parse(two.stdout);
  assert.deepEqual([evaluations[0].value, evaluations[1].errorCode], [true, 'FLAG_NOT_FOUND']);
  const failed = { code: 'not_found', message: NO_SUCH_FLAG, retryable: false };
  assert.deepEqual([two.code, JSON.parse(two.stderr)], [3, { error: failed }]);
});

const NO_SUCH_FLAG = 'There is no flag "welcome-baner" in development. Closest: welcome-banner.';

test('a flag that is not there is answered as such, named on standard error, and no success', async () => {
  for (const args of [
    ['evaluate', 'welcome-baner'],
    ['flag', 'why', 'welcome-baner'],
  ]) {
    const { code, stdout, stderr } = await world.run([...args, '-e', 'development', '-k', 'you']);
    assert.match(stdout, /welcome-baner.* ERROR/);
    assert.deepEqual([code, stderr], [3, `${NO_SUCH_FLAG}\n`], args.join(' '));
  }
  const earlier = ['--at', '2020-01-01T00:00:00Z'];
  const past = await world.run(['evaluate', 'welcome-banner', '-e', 'development', '-k', 'you', ...earlier]);
  const then = 'There is no flag "welcome-banner" in development at 2020-01-01T00:00:00.000Z. Check the key.\n';
  assert.deepEqual([past.code, past.stderr], [3, then]);
});

test('K1, K2: kill takes a flag away, restore gives back exactly what was there', async () => {
  const state = async () => await shown('evaluate', 'welcome-banner', '-e', 'development', '-k', 'you');
  const before = await state();
  const killed = await shown('kill', 'banners', '--feature', 'welcome-banner', '--reason', 'looks wrong');
  assert.match(killed, /^banners is triggered: feature welcome-banner in all environments\. Take it back: /);
  assert.match(await state(), /welcome-banner +false +off +DISABLED +kill switch banners/);
  assert.match(await shown('switches', 'list'), /banners +triggered +feature welcome-banner .* looks wrong/);
  assert.equal((await world.json(['switch', 'list'])).items?.length, 1);
  const unexplained = await world.run(['restore', 'banners']);
  assert.equal(unexplained.code, 2);
  assert.match(unexplained.stderr, /--reason/);
  assert.equal(await shown('restore', 'banners', '--reason', 'fixed in 2.0.1'), 'banners is released\n');
  assert.equal(await state(), before);
  const elsewhere = await world.run(['kill', 'banners', '-e', 'staging']);
  assert.equal(elsewhere.code, 6, 'what covers every environment is not fired for who names one');
  assert.match(elsewhere.stderr, /banners covers something else: feature welcome-banner in all environments/);
  assert.equal(await state(), before);
  const again = await world.json(['kill', 'banners']);
  assert.equal(again.state?.is, 'triggered');
  assert.equal(again.state?.activated?.reason, 'no reason given', 'nobody is said to have said what they did not');
  assert.equal((await world.json(['restore', 'banners', '--reason', 'a drill'])).state?.is, 'inactive');
});

test('services, environments and tokens', async () => {
  assert.equal(await shown('services', 'put', 'shop', '-e', 'production'), 'production/shop at /\n');
  assert.equal((await world.json(['services', 'put', 'api', '-e', 'staging', '--path', '/api'])).path_prefix, '/api');
  assert.match(await shown('services', 'list'), /^SERVICE +ENVIRONMENT +LIVE +PATH\n/);
  assert.equal((await world.json(['services', 'list'])).items?.length, 2);
  assert.match(await shown('services', 'status', 'shop', '-e', 'production'), /^shop runs nowhere yet/);
  assert.deepEqual((await world.json(['services', 'status', 'shop', '-e', 'production'])).instances, []);

  assert.equal(await shown('environments', 'create', 'preview', '--description', 'one per branch'), 'preview exists\n');
  assert.match(await shown('env', 'list'), /preview +no +one per branch/);
  assert.equal((await world.json(['environments', 'list'])).items?.length, 4);
  assert.match(await shown('env', 'update', 'preview', '--protected'), /^preview: .*\(version 2\), protected\n$/);
  const unsaid = await world.run(['env', 'update', 'preview', '--no-protected']);
  assert.deepEqual([unsaid.code, /--reason: must say why/.test(unsaid.stderr)], [5, true], unsaid.stderr);
  const free = await shown('env', 'update', 'preview', '--no-protected', '--reason', 'a branch is nobody’s');
  assert.match(free, /\(version 3\), not protected\n$/);

  const made = await world.run(['tokens', 'create', 'shop', '-e', 'production', '--expires-in-days', '30']);
  assert.match(made.stdout, /^spw_sdk_production_[\w-]{43}\n$/);
  assert.match(made.stderr, /not shown again/);
  const admin = await world.json(['tokens', 'create', 'ci', '--kind', 'admin']);
  assert.match(String(admin.secret), /^spw_admin_/);
  assert.match(await shown('tokens', 'list'), /admin +- +never +ci/);
  assert.ok(!JSON.stringify(await world.json(['tokens', 'list'])).includes(String(admin.secret)));
  assert.equal(await shown('tokens', 'revoke', String(admin.key)), `${admin.key} is revoked\n`);
});

test('login prints a link that signs a browser in, once', async () => {
  const { stdout, stderr } = await world.run(['login']);
  assert.match(stderr, /^It works once, until \d\d:\d\d\.\n$/);
  const link = new URL(stdout.trim());
  assert.equal(`${link.origin}${link.pathname}`, `${world.url}/sign-in`);
  const signIn = () =>
    fetch(`${world.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: link.hash.replace('#code=', '') }),
    });
  assert.equal((await signIn()).status, 200);
  assert.equal((await signIn()).status, 401);
  assert.ok(Number((await world.json(['login'])).expires_at_ms) > Date.now());
});

test('the change log: the newest first, page by page, and intact', async () => {
  const [newest] = (await shown('audit', 'list', '--limit', '1')).split('\n');
  assert.match(newest ?? '', /^ +\d+ {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}\S+ {2}\S+ {2}by \w+:\w+/);
  const first = await world.json(['audit', 'list', '--limit', '2']);
  const second = await world.json(['audit', 'list', '--limit', '2', '--cursor', String(first.next)]);
  assert.equal(Number(second.items?.[0]?.seq), Number(first.items?.[1]?.seq) - 1);
  const page = await world.run(['audit', 'list', '--limit', '2']);
  assert.match(page.stderr, /--cursor \S+\n$/);
  assert.equal(page.stdout.trim().split('\n').length, 2);
  const noun = await world.json(['audit', 'list', '--noun', 'switches', '--key', 'banners']);
  assert.ok((noun.items as unknown as { noun: string }[]).every((entry) => entry.noun === 'switches'));
  assert.match(await shown('audit', 'verify'), /^intact: \d+ entries, head [0-9a-f]{64}\n$/);
  assert.equal((await world.json(['audit', 'verify'])).is, 'intact');
});

test('help has examples for every noun, and the version is the package’s', async () => {
  for (const noun of ['flags', 'rollout', 'kill', 'evaluate', 'services', 'tokens', 'audit', 'completion']) {
    assert.match(await shown(noun, '--help'), /\nExamples:\n {2}(spillway|source) /, noun);
  }
  assert.match(await shown('--help'), /Exit codes: 0 ok/);
  assert.match(await shown('--version'), /^\d+\.\d+\.\d+\n$/);
});
