import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const MAX_BYTES = 2_000;

test('the React layer is at most 2 kB beside React', async (t) => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    ...{ bundle: true, minify: true, write: false, external: ['react'] },
    ...{ format: 'esm', platform: 'browser', target: 'es2022' },
  });
  const size = gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
  t.diagnostic(`${size} bytes gzipped`);
  assert.ok(size > 300 && size <= MAX_BYTES, `${size} bytes`);
});
