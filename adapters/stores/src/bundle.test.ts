import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);

const PROGRAM = `
import { openStore } from './index.ts';
const store = await openStore('sqlite:bundled.db', { sha256: (text) => text });
process.stdout.write(String((await store.head('default')).seq));
await store.close();
`;

test('bundled into one file, the store still brings its migrations', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bundle-'));
  try {
    const outfile = join(folder, 'program.mjs');
    await build({
      stdin: { contents: PROGRAM, resolveDir: import.meta.dirname, loader: 'ts' },
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      ...{ bundle: true, platform: 'node', format: 'esm', outfile, logLevel: 'error' },
    });
    const { stdout } = await run(process.execPath, [outfile], { cwd: folder });
    assert.equal(stdout, '0');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
