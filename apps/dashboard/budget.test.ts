import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** What a visitor may be made to download, compressed. */
const BUDGET = { initialJs: 130_000, routeChunk: 35_000, css: 20_000, emergency: 40_000 } as const;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
  readonly css?: readonly string[];
}
type Manifest = Readonly<Record<string, Chunk>>;

describe('given the built dashboard', () => {
  let directory = '';
  let manifest: Manifest = {};

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'spillway-dashboard-'));
    await build({
      root: import.meta.dirname,
      logLevel: 'error',
      build: { outDir: directory, emptyOutDir: true },
    });
    manifest = JSON.parse(await readFile(path.join(directory, '.vite/manifest.json'), 'utf8'));
  });

  after(() => rm(directory, { recursive: true, force: true }));

  const compressed = async (files: Iterable<string>) => {
    let total = 0;
    for (const file of files) total += gzipSync(await readFile(path.join(directory, file))).length;
    return total;
  };

  test('the first page loads at most 130 kB of scripts', async () => {
    const size = await compressed(scripts(manifest, 'index.html'));
    assert.ok(size > 0 && size <= BUDGET.initialJs, `${size} bytes of ${BUDGET.initialJs}`);
  });

  test('no page brings more than 35 kB of scripts of its own', async () => {
    const initial = scripts(manifest, 'index.html');
    const pages = Object.keys(manifest).filter((name) => manifest[name]?.isDynamicEntry === true);
    assert.ok(pages.length >= 7, 'every page is a chunk of its own');
    for (const name of pages) {
      // A part that a page loads later comes on top of that page, which is there already.
      const there = Object.keys(manifest).filter((other) => manifest[other]?.dynamicImports?.includes(name) === true);
      const loaded = there.reduce((files, other) => files.union(scripts(manifest, other)), initial);
      const size = await compressed(scripts(manifest, name).difference(loaded));
      assert.ok(size > 0, `${name} is a chunk of its own`);
      assert.ok(size <= BUDGET.routeChunk, `${name}: ${size} bytes of ${BUDGET.routeChunk}`);
    }
  });

  test('all style sheets together stay under 20 kB', async () => {
    const sheets = new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []));
    const size = await compressed(sheets);
    assert.ok(size > 0 && size <= BUDGET.css, `${size} bytes of ${BUDGET.css}`);
  });

  test('the emergency page weighs at most 40 kB, everything included', async () => {
    const files = scripts(manifest, 'emergency.html');
    const sheets = [...closure(manifest, 'emergency.html')].flatMap((name) => manifest[name]?.css ?? []);
    const size = await compressed([...files, ...new Set(sheets), 'emergency.html', 'before-paint.js']);
    assert.ok(size <= BUDGET.emergency, `${size} bytes of ${BUDGET.emergency}`);
  });

  test('nothing needs inline scripts, inline styles or another host', async () => {
    for (const page of ['index.html', 'emergency.html']) {
      const html = await readFile(path.join(directory, page), 'utf8');
      assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/, `${page}: inline script`);
      assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=/, `${page}: inline style or handler`);
      assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//, `${page}: another host`);
    }
  });

  test('the validation library stays on the server', async () => {
    for (const chunk of Object.values(manifest).filter(({ file }) => file.endsWith('.js'))) {
      assert.doesNotMatch(await readFile(path.join(directory, chunk.file), 'utf8'), /ZodError/, chunk.file);
    }
  });
});

/** A chunk and everything it imports at once, not what it may load later. */
function closure(manifest: Manifest, name: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const imported of manifest[name]?.imports ?? []) closure(manifest, imported, seen);
  return seen;
}

function scripts(manifest: Manifest, name: string): Set<string> {
  const files = [...closure(manifest, name)].flatMap((part) => manifest[part]?.file ?? []);
  return new Set(files.filter((file) => file.endsWith('.js')));
}
