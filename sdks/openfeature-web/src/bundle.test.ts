import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** A kilobyte beside the client for pages. */
const MAX_BYTES = 7 * 1_024;

test('beside OpenFeature’s SDK a page loads at most 7 kB, and no evaluator', async (t) => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    ...{ bundle: true, minify: true, write: false, metafile: true, external: ['@openfeature/web-sdk'] },
    ...{ format: 'esm', platform: 'browser', target: 'es2022' },
  });
  const inputs = Object.keys(metafile.inputs);
  assert.deepEqual(
    inputs.filter((input) => /evaluator|statistics|core\/src|contract/.test(input)),
    [],
  );
  assert.ok(inputs.some((input) => input.includes('sdks/web')));
  const size = gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
  t.diagnostic(`${size} bytes gzipped`);
  assert.ok(size > 1_000 && size <= MAX_BYTES, `${size} bytes`);
});
