import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, isRunning } from '../../apps/server/src/start-testing.ts';
import { env } from './strangers-shell.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const INSTALL_MAX_MS = 180_000;
const MAX_PACKED_BYTES = 2_000_000;

const execute = promisify(execFile);

interface Packed {
  readonly filename: string;
  readonly version: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

describe('given the published package, installed in an empty folder', { timeout: INSTALL_MAX_MS }, () => {
  let home: string;
  let folder: string;
  let installed: string;
  let packed: Packed;

  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'spillway-package-'));
    const { stdout } = await execute('npm', ['pack', '-w', 'spillway', '--json', '--pack-destination', home], {
      cwd: ROOT,
      env,
    });
    packed = onlyOne(JSON.parse(stdout));
    folder = join(home, 'empty');
    installed = join(folder, 'node_modules/spillway');
    await mkdir(folder);
    // What npm asks for from version 11.19 on; older ones run every script.
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
    const quietly = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    await execute('npm', ['install', ...quietly, join(home, packed.filename)], { cwd: folder, env });
  });
  after(() => rm(home, { recursive: true, force: true }));

  const npx = (...args: string[]) => execute('npx', ['--no-install', 'spillway', ...args], { cwd: folder, env });

  test('it holds the program, its licences and a page to start from, and nothing else', async () => {
    const paths = packed.files.map(({ path }) => path);
    const owed = ['package.json', 'README.md', 'LICENSE', 'bin/spillway.js', 'dist/cli.js', 'dist/server/start.js'];
    for (const path of [...owed, 'dist/server/dashboard/index.html', 'dist/THIRD-PARTY-LICENSES.txt']) {
      assert.ok(paths.includes(path), `${path} is missing`);
    }
    assert.deepEqual(
      paths.filter((path) => /\.(map|ts|tsx|db|log|tgz|pem|key)$|(^|\/)\.(env|npmrc|spillway)|test|secret/i.test(path)),
      [],
    );
    assert.ok(packed.size < MAX_PACKED_BYTES, `${packed.size} bytes`);
    assert.equal(await text('LICENSE'), await readFile(join(ROOT, 'LICENSE'), 'utf8'));
    const notices = await text('dist/THIRD-PARTY-LICENSES.txt');
    for (const name of ['fastify', 'zod', 'commander', 'react', 'uplot'])
      assert.match(notices, new RegExp(`^${name} \\d`, 'm'));
  });

  test('nothing in it leads back to the workspace, to other packages, or to a secret', async () => {
    const manifest = JSON.parse(await text('package.json')) as { readonly dependencies: object };
    assert.deepEqual(Object.keys(manifest.dependencies), ['node']);
    const others = (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.'));
    assert.deepEqual(
      others.filter((name) => !name.startsWith('node')),
      ['spillway'],
    );
    for (const { path } of packed.files) {
      const content = await text(path);
      assert.ok(!content.includes(ROOT.slice(0, -1)), `${path} names the workspace's folder`);
      assert.doesNotMatch(content, /sourceMappingURL=/, path);
      assert.doesNotMatch(content, /spw_(admin|sdk_\w+|session)_[\w-]{43}|BEGIN [A-Z ]*PRIVATE KEY/, path);
      if (path.startsWith('dist/') && path.endsWith('.js') && !path.includes('dashboard')) {
        assert.deepEqual(foreignImports(content), [], path);
      }
    }
  });

  test('it tells its version', async () => {
    const { stdout } = await npx('--version');
    assert.equal(stdout, `${packed.version}\n`);
  });

  test('it starts, answers for a flag as it says, serves the dashboard, and stops', async () => {
    const started = await startIn(folder);
    try {
      const { url, sample, pids } = started.ready;
      // Done as the line says, without needing curl on the machine that runs this.
      const [, address = '', headers = '', body = ''] = /curl -s (\S+) (.*) -d '(.*)'$/.exec(sample.command) ?? [];
      const answer = await fetch(address, {
        method: 'POST',
        headers: [...headers.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name = '', value = '']) => [name, value]),
        body,
      });
      assert.equal(answer.status, 200);
      assert.equal(await answer.text(), sample.output);

      const page = await fetch(`${url}/`);
      assert.equal(page.status, 200);
      const [, script = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(await page.text()) ?? [];
      const asset = await fetch(new URL(script, url));
      assert.equal(asset.status, 200);
      assert.match(asset.headers.get('content-type') ?? '', /javascript/);

      assert.match((await npx('flags', 'list')).stdout, /welcome-banner +boolean +development on/);
      assert.match((await npx('login')).stdout, new RegExp(`^${url}/sign-in#code=`));

      await started.interrupt();
      await eventually('every process ends', () => Object.values(pids).every((pid) => !isRunning(pid)));
    } finally {
      started.kill();
    }
  });

  async function text(path: string): Promise<string> {
    return await readFile(join(installed, path), 'utf8');
  }
});

interface Ready {
  readonly url: string;
  readonly sample: { readonly command: string; readonly output: string };
  readonly pids: Readonly<Record<string, number>>;
}

async function startIn(folder: string) {
  const args = ['--no-install', 'spillway', 'start', '--port', '0', '--gateway-port', '0', '--json'];
  // A group of its own, as a shell gives it, so that Ctrl-C can reach all of it.
  const child = spawn('npx', args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exit]);
  if (typeof line !== 'string') throw new Error(`not started: ${errors}`);
  const signal = (name: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  return {
    ready: JSON.parse(line) as Ready,
    async interrupt() {
      signal('SIGINT');
      await exit;
    },
    kill: () => signal('SIGKILL'),
  };
}

/** npm answers with a list, or from version 12 on with an object by name. */
function onlyOne(answer: unknown): Packed {
  const [one] = Object.values(answer as Readonly<Record<string, Packed>>);
  if (one === undefined) throw new Error('npm packed nothing');
  return one;
}

/**
 * What a bundle loads that is neither its own nor Node's. `pg-native` is an optional part of `pg`, asked for and not
 * needed. A `require` in quotes is text: ajv keeps some for programs that it could write to a file.
 */
function foreignImports(code: string): string[] {
  const specifiers = [
    ...code.matchAll(/(?:\bfrom|\bimport|(?<!["'`])\brequire\(|\bimport\()\s*"((?:node:|@|\.)?[\w./-]+)"/g),
  ].map(([, name = '']) => name);
  return specifiers.filter(
    (name) => !/^(\.|node:)/.test(name) && !builtinModules.includes(name) && name !== 'pg-native',
  );
}
