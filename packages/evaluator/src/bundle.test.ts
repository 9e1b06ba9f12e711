import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PUBLISHED_LIBRARY } from '../../../scripts/published.ts';

/** Reading the text is most of what importing takes, whether it is used or not. */
const MAX_BYTES = 106 * 1_024;
/** Of it, other products' conditions. */
const MAX_DIALECT_BYTES = 50 * 1_024;

test('the evaluator stays small to import, and brings nothing with it', async (t) => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./index.ts', import.meta.url))],
    ...PUBLISHED_LIBRARY,
    ...{ write: false, metafile: true },
  });
  assert.deepEqual(
    Object.keys(metafile.inputs).filter((input) => !input.includes('packages/evaluator/src/')),
    [],
  );
  const size = outputFiles[0]?.contents.length ?? 0;
  const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  const dialects = parts.filter(([input]) => /\/(dialects|algorithms)\//.test(input));
  const ofDialects = dialects.reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  t.diagnostic(`${size} bytes, ${ofDialects} of them for other products' conditions`);
  assert.ok(size > 10_000 && size <= MAX_BYTES, `${size} bytes`);
  assert.ok(ofDialects > 1_000 && ofDialects <= MAX_DIALECT_BYTES, `${ofDialects} bytes of dialects`);
});
