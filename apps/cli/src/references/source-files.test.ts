import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sourceFiles } from './source-files.ts';

test('F8: what was installed and what git ignores is nobody’s code; links lead nowhere', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-sources-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const path of ['src', 'node_modules/shop', 'apps/web/node_modules/shop', 'dist']) {
    mkdirSync(join(folder, path), { recursive: true });
    writeFileSync(join(folder, path, 'cart.ts'), '"new-checkout"');
  }
  symlinkSync('.', join(folder, 'loop'));
  assert.deepEqual(sourceFiles(folder), ['src/cart.ts'], 'without git');

  execFileSync('git', ['init', '-q'], { cwd: folder });
  writeFileSync(join(folder, '.gitignore'), 'dist/\n');
  const found = sourceFiles(folder).filter((path) => path.endsWith('cart.ts'));
  assert.deepEqual(found, ['src/cart.ts'], 'where git knows nothing of node_modules');
});
