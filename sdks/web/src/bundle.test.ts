import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const MAX_BYTES = 6_000;
/** What tracking adds to a page that has the client already is less: they share their platform. */
const MAX_TRACKING_BYTES = 2 * 1_024;

const bundleOf = (entry: string) =>
  build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    ...{ bundle: true, minify: true, write: false, metafile: true },
    ...{ format: 'esm', platform: 'browser', target: 'es2022' },
  });

test('tracking is apart from the client, and at most 2 kB', async (t) => {
  const { metafile, outputFiles } = await bundleOf('./track.ts');
  assert.deepEqual(
    Object.keys(metafile.inputs).filter((input) => /evaluator|statistics|web\/src\/client/.test(input)),
    [],
  );
  const size = gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
  t.diagnostic(`${size} bytes gzipped`);
  assert.ok(size > 500 && size <= MAX_TRACKING_BYTES, `${size} bytes`);
});

test('a page loads at most 6 kB for flags, streaming included, and no evaluator', async (t) => {
  const { metafile, outputFiles } = await bundleOf('./index.ts');
  const inputs = Object.keys(metafile.inputs);
  assert.deepEqual(
    inputs.filter((input) => /evaluator|statistics|core\/src|contract/.test(input)),
    [],
  );
  assert.ok(inputs.some((input) => input.includes('server-sent-events')));
  const size = gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length;
  t.diagnostic(`${size} bytes gzipped`);
  assert.ok(size > 1_000 && size <= MAX_BYTES, `${size} bytes`);
});
