import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { ADMIN_TOKEN, createWorld, type World } from '../../packages/http/src/testing/world.ts';
import { librariesIn } from '../../scripts/packing/library.ts';
import { env } from './strangers-shell.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAX_MS = 120_000;
const MAX_PAGE_BYTES = 6_000;
const LIBRARIES = librariesIn(ROOT);
/** What an application has beside them. */
const OTHERS = [
  ...['react', 'react-dom', '@types/react', '@types/node'],
  ...['@openfeature/server-sdk', '@openfeature/web-sdk', 'flags'],
];

const execute = promisify(execFile);

describe('given the libraries as they are packed, installed in an empty folder', { timeout: MAX_MS }, () => {
  let home: string;
  let folder: string;
  let world: World;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'spillway-libraries-'));
    folder = join(home, 'application');
    await mkdir(folder);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await execute('npm', ['run', '--silent', 'pack', '--', home, ...LIBRARIES.map(({ manifest }) => manifest.name)], {
      cwd: ROOT,
      env,
    });
    const packed = (await readdir(home)).filter((name) => name.endsWith('.tgz')).map((name) => join(home, name));
    assert.equal(packed.length, LIBRARIES.length);
    const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
    // Nothing is asked for that is not in these files, so no registry is needed.
    await execute('npm', ['install', '--offline', '--legacy-peer-deps', ...quietly, ...packed], { cwd: folder, env });
    for (const name of OTHERS) {
      await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    world = await createWorld();
    const environments = { production: { enabled: true, fallthrough: { variant: 'on' } } };
    const body = { key: 'new-checkout', type: 'boolean', environments };
    const made = await world.call('POST', '/api/v1/feature-flags?reason=test', { token: ADMIN_TOKEN, body });
    assert.equal(made.status, 201, made.text);
  });
  after(async () => {
    await world?.close();
    await rm(home, { recursive: true, force: true });
  });

  /** Runs a program with the machine's own Node, and answers the JSON that it prints. */
  async function answerOf(program: string): Promise<unknown> {
    const file = join(folder, 'program.js');
    await writeFile(file, program);
    const keys = { URL: world.url, SDK_KEY: world.sdkKey, CLIENT_KEY: world.clientKey };
    const { stdout } = await execute('node', [file], { cwd: folder, env: { ...env, ...keys } });
    return JSON.parse(stdout);
  }

  test('they hold modules, types, a page and licences, and lead nowhere else', async () => {
    for (const { manifest } of LIBRARIES) {
      const installed = join(folder, 'node_modules', manifest.name);
      const names = await readdir(installed, { recursive: true });
      for (const owed of ['package.json', 'README.md', 'LICENSE', join('dist', 'index.js')]) {
        assert.ok(names.includes(owed), `${manifest.name} has no ${owed}`);
      }
      for (const name of names.filter((path) => /\.(js|ts|md|json)$/.test(path))) {
        const text = await readFile(join(installed, name), 'utf8');
        assert.ok(!text.includes(ROOT.slice(0, -1)), `${manifest.name}/${name} names the workspace's folder`);
        assert.doesNotMatch(text, /@spillway\/(client|evaluator|statistics|core)['"/]/, `${manifest.name}/${name}`);
        assert.doesNotMatch(text, /from ['"][^'"]+\.ts['"]|\]\(\.\.?\//, `${manifest.name}/${name}`);
      }
    }
  });

  test('P3: Node evaluates, guards, breaks circuits, and answers once without a server', async () => {
    const answer = await answerOf(`
      import { answersFrom, createBreaker, createClient, signContext } from '@spillway/node';
      const { URL: url, SDK_KEY: sdkKey } = process.env;
      const flags = createClient({ url, sdkKey });
      const user = { targetingKey: 'ann' };
      const { is } = await flags.initialize();
      const snapshot = await fetch(url + '/api/v1/sdk/snapshot', { headers: { authorization: 'Bearer ' + sdkKey } });
      const call = await createBreaker({ name: 'stock' }).run(async () => 'called');
      console.log(JSON.stringify({
        is, call,
        value: flags.boolean('new-checkout', user, false),
        guarded: flags.withFeature('new-checkout', user, () => 'new', () => 'old'),
        all: Object.keys(flags.all(user)),
        once: answersFrom(await snapshot.text()).boolean('new-checkout', user, false),
        signed: typeof signContext(user, { sdkKey }).signed_context,
      }));
      await flags.close();`);
    const answers = { value: true, guarded: 'new', all: ['new-checkout'], once: true, signed: 'string' };
    assert.deepEqual(answer, { is: 'ready', call: 'called', ...answers });
  });

  test('P3: flags are set in a test of the application by one line', async () => {
    const answer = await answerOf(`
      import { createTestClient } from '@spillway/node/testing';
      const flags = createTestClient({ colour: 'red' });
      flags.set('colour', 'blue', { targetingKeys: ['ann'] });
      const colourOf = (targetingKey) => flags.string('colour', { targetingKey }, 'none');
      console.log(JSON.stringify([colourOf('ann'), colourOf('ben')]));`);
    assert.deepEqual(answer, ['blue', 'red']);
  });

  test('P2: OpenFeature for Node', async () => {
    const answer = await answerOf(`
      import { OpenFeature } from '@openfeature/server-sdk';
      import { createClient } from '@spillway/node';
      import { SpillwayProvider } from '@spillway/openfeature-server';
      const client = createClient({ url: process.env.URL, sdkKey: process.env.SDK_KEY });
      await OpenFeature.setProviderAndWait(new SpillwayProvider(client));
      const { value, variant } = await OpenFeature.getClient().getBooleanDetails('new-checkout', false);
      console.log(JSON.stringify({ value, variant }));
      await OpenFeature.close();`);
    assert.deepEqual(answer, { value: true, variant: 'on' });
  });

  test("Vercel's Flags SDK: values, and the toolbar's endpoint for who has a proof of access", async () => {
    const answer = await answerOf(`
      import { createAccessProof } from 'flags';
      import { evaluate, flag } from 'flags/next';
      import { createClient } from '@spillway/node';
      import { createAdapters, createDiscoveryEndpoint } from '@spillway/vercel-flags';
      const { URL: url, SDK_KEY: sdkKey } = process.env;
      const client = createClient({ url, sdkKey });
      const adapters = createAdapters(client, { identify: () => ({ targetingKey: 'ann' }) });
      const checkout = flag({ key: 'new-checkout', adapter: adapters.boolean, defaultValue: false });
      const request = new Request('http://127.0.0.1/');
      const secret = Buffer.alloc(32, 1).toString('base64url');
      const endpoint = createDiscoveryEndpoint({ url, sdkKey, secret });
      const ask = async (headers) => (await endpoint(new Request('http://127.0.0.1/', { headers }))).json();
      const known = await ask({ authorization: 'Bearer ' + await createAccessProof(secret) });
      console.log(JSON.stringify({
        value: await checkout(request),
        batch: await evaluate({ checkout }, new Request('http://127.0.0.1/')),
        refused: await ask({}),
        known: Object.keys(known.definitions),
      }));
      await client.close();`);
    assert.deepEqual(answer, { value: true, batch: { checkout: true }, refused: null, known: ['new-checkout'] });
  });

  test('P2: OpenFeature for pages, with tracking', async () => {
    const answer = await answerOf(`
      import { OpenFeature } from '@openfeature/web-sdk';
      import { SpillwayWebProvider } from '@spillway/openfeature-web';
      import { withTracking } from '@spillway/web/track';
      const provider = new SpillwayWebProvider({ url: process.env.URL, clientKey: process.env.CLIENT_KEY, tracking: withTracking });
      await OpenFeature.setContext({ targetingKey: 'ann' });
      await OpenFeature.setProviderAndWait(provider);
      const client = OpenFeature.getClient();
      client.track('bought');
      console.log(JSON.stringify(client.getBooleanValue('new-checkout', false)));
      await OpenFeature.close();`);
    assert.equal(answer, true);
  });

  test('P3: React renders on a server what a bootstrap says', async () => {
    const answer = await answerOf(`
      import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { createClient } from '@spillway/web';
      import { SpillwayProvider, useFlag } from '@spillway/react';
      const bootstrap = { configuration: 1, flags: { 'new-checkout': { value: true, reason: 'STATIC' } } };
      const client = createClient({ url: process.env.URL, clientKey: 'none', context: {}, bootstrap });
      const Checkout = () => createElement('p', null, useFlag('new-checkout', false) ? 'new' : 'old');
      const page = renderToString(createElement(SpillwayProvider, { client }, createElement(Checkout)));
      console.log(JSON.stringify(page));`);
    assert.equal(answer, '<p>new</p>');
  });

  test('React on a server that renders components takes the hooks for code of pages', async () => {
    const module = await readFile(join(folder, 'node_modules/@spillway/react/dist/index.js'), 'utf8');
    assert.match(module, /^(['"])use client\1;/);
  });

  test('a page that loads the client for pages from here loads at most 6 kB', async (t) => {
    const { outputFiles } = await build({
      stdin: { contents: `export { createClient } from '@spillway/web'`, resolveDir: folder },
      ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'browser' },
    });
    const size = gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
    t.diagnostic(`${size} bytes gzipped`);
    assert.ok(size > 1_000 && size <= MAX_PAGE_BYTES, `${size} bytes`);
  });

  test('strict TypeScript knows their types, whichever way modules are resolved', async () => {
    const strict = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, jsx: 'react-jsx', target: 'es2022' };
    const server = { ...strict, module: 'nodenext', lib: ['es2022'], types: ['node'] };
    await checkTypes(SERVER, server);
    // OpenFeature's own declarations for servers have a mistake of theirs in them, and the Flags SDK's name packages of Next.js.
    await checkTypes(PROVIDER, { ...server, skipLibCheck: true });
    await checkTypes(FLAGS_SDK, { ...server, skipLibCheck: true });
    await checkTypes(PAGE, {
      ...strict,
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['es2022', 'dom'],
      types: [],
    });
  });

  async function checkTypes(program: string, compilerOptions: object): Promise<void> {
    await writeFile(join(folder, 'program.tsx'), program);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.tsx'] }));
    await execute(join(ROOT, 'node_modules/.bin/tsc'), ['-p', folder], { cwd: folder, env }).catch(
      ({ stdout }: { readonly stdout: string }) => assert.fail(stdout),
    );
  }
});

const SERVER = `
import { createClient, type Json, type NodeClient } from '@spillway/node';
import { createTestClient } from '@spillway/node/testing';
const flags: NodeClient = createClient({ url: 'http://127.0.0.1:4600', sdkKey: '' });
export const on: boolean = flags.boolean('new-checkout', { targetingKey: 'ann' }, false);
export const menu: Json = flags.json('menu', {}, { items: [] });
// @ts-expect-error a default of another type
export const text: boolean = flags.string('colour', {}, 'red');
// @ts-expect-error there is no such option
createClient({ url: '', sdkKey: '', cache: 'x' });
// @ts-expect-error a value of another type
createTestClient({ colour: 'red' }).set('colour', 1);
`;

const PROVIDER = `
import { OpenFeature } from '@openfeature/server-sdk';
import { createClient } from '@spillway/node';
import { createTestClient } from '@spillway/node/testing';
import { SpillwayProvider } from '@spillway/openfeature-server';
OpenFeature.setProvider(new SpillwayProvider(createClient({ url: '', sdkKey: '' }), { flagSetId: 'shop/production' }));
OpenFeature.setProvider('tests', new SpillwayProvider(createTestClient({ colour: 'red' })));
`;

const FLAGS_SDK = `
import { flag } from 'flags/next';
import { createClient } from '@spillway/node';
import { createAdapters, createDiscoveryEndpoint } from '@spillway/vercel-flags';
interface User { readonly targetingKey: string; readonly plan: 'free' | 'pro' }
const client = createClient({ url: '', sdkKey: '' });
const { boolean, json } = createAdapters<User>(client, { identify: () => ({ targetingKey: 'ann', plan: 'pro' }) });
export const checkout = flag<boolean, User>({ key: 'new-checkout', adapter: boolean, defaultValue: false });
export const menu = flag({ key: 'menu', adapter: json<{ items: string[] }>(), defaultValue: { items: [] } });
// @ts-expect-error an adapter of another type
export const colour = flag<string, User>({ key: 'colour', adapter: boolean() });
// @ts-expect-error a context of another shape
createAdapters<User>(client, { identify: () => ({ targetingKey: 'ann' }) });
export const GET: (request: Request) => Promise<Response> = createDiscoveryEndpoint({ url: '', sdkKey: '' });
`;

const PAGE = `
import { OpenFeature } from '@openfeature/web-sdk';
import { SpillwayWebProvider } from '@spillway/openfeature-web';
import { SpillwayProvider, useFlag, useStatus, useTrack } from '@spillway/react';
import { createClient } from '@spillway/web';
import { withTracking } from '@spillway/web/track';
const options = { url: '', clientKey: '', context: { targetingKey: 'ann' }, exposures: true };
const client = withTracking(createClient(options), options);
client.on('change', ({ flags }) => flags.includes('new-checkout'));
function Checkout() {
  const on: boolean = useFlag('new-checkout', false);
  // @ts-expect-error a default of another type
  const colour: boolean = useFlag('colour', 'red');
  const track = useTrack();
  return <p onClick={() => track('bought', { value: 1 })}>{String(on)}{String(colour)}{useStatus().is}</p>;
}
export const page = <SpillwayProvider client={client}><Checkout /></SpillwayProvider>;
OpenFeature.setProvider(new SpillwayWebProvider({ url: '', clientKey: '', tracking: withTracking }));
`;
