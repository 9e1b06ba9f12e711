import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'dashboards');
/** All that a build is made from: the dashboard, what it imports of this repository, and what is installed. */
const SOURCES = ['apps/dashboard', 'packages', 'sdks', 'tsconfig*.json', 'package-lock.json'];
const KEPT_MS = 24 * 3_600_000;

/** The dashboard as it is in the sources, built once for all test files that find the same sources; its folder. */
export async function builtDashboard(): Promise<string> {
  const folder = join(CACHE, await digestOfSources());
  if (existsSync(folder)) return folder;
  await mkdir(CACHE, { recursive: true });
  await forgetOld();
  const staging = await mkdtemp(join(CACHE, 'building-'));
  try {
    await build(staging);
    await rename(staging, folder).catch((fault: unknown) => {
      // Another test process was faster, and its folder is as good.
      if (!existsSync(folder)) throw fault;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

async function build(into: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  const root = join(ROOT, 'apps/dashboard');
  await run(process.execPath, [vite, 'build', root, '--outDir', into, '--emptyOutDir', '--logLevel', 'error'], {
    cwd: root,
  });
}

async function digestOfSources(): Promise<string> {
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', ...SOURCES], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  const hash = createHash('sha256');
  for (const path of [...new Set(listed.stdout.split('\0'))].toSorted()) {
    const text = await readFile(join(ROOT, path)).catch(() => undefined);
    if (text !== undefined) hash.update(`${path}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex').slice(0, 32);
}

/** Of sources that are gone. */
async function forgetOld(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > KEPT_MS) await rm(path, { recursive: true, force: true });
  }
}
