import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { deadExports } from './dead-exports.ts';
import { differs } from './locked.ts';
import { RINGS } from './rings.ts';
import { importsOf } from './sources.ts';
import { importProblem, tidy } from './tidy.ts';

const root = join(import.meta.dirname, '..');

function problemOf(path: string, specifier: string): string | undefined {
  const ring = RINGS.find((candidate) => path.startsWith(`${candidate.folder}/`));
  assert.ok(ring);
  return importProblem(root, ring, path, specifier, false);
}

test('the whole tree keeps the rules of tidy', () => {
  assert.deepEqual(tidy(root), []);
});

test('an import that points outward is named with the ring it breaks', () => {
  assert.match(
    problemOf('packages/core/src/rollouts/advance.ts', '@spillway/control') ?? '',
    /imports point inward: packages\/core must not import '@spillway\/control'/,
  );
  assert.match(problemOf('packages/evaluator/src/evaluate.ts', 'node:crypto') ?? '', /must not know Node/);
  assert.match(problemOf('packages/core/src/refusal.ts', 'zod') ?? '', /has no dependencies/);
  assert.match(problemOf('adapters/stores/src/index.ts', '@spillway/targets') ?? '', /must not import/);
  assert.match(problemOf('packages/http/src/index.ts', 'undeclared-package') ?? '', /is not declared/);
  assert.match(problemOf('packages/core/src/refusal.ts', '../../control/src/control.ts') ?? '', /reaches outside/);
});

test('a workspace that the lock file does not know, or knows otherwise, is told', () => {
  const manifest = { name: 'a', dependencies: { b: '1.0.0', c: '2.0.0' } };
  assert.equal(differs(manifest, undefined), true);
  assert.equal(differs(manifest, { dependencies: { c: '2.0.0', b: '1.0.0' } }), false);
  assert.equal(differs(manifest, { dependencies: { b: '1.0.0', c: '2.0.1' } }), true);
  assert.equal(differs(manifest, { ...manifest, devDependencies: { d: '1.0.0' } }), true);
});

test('an export whose name stands nowhere else is told, and one that is used or handed on is not', () => {
  const files = {
    'a.ts':
      'export const LIMIT = 1;\n\nexport function used(): void {}\nexport type Handed = 1;\n/** dead */\nexport class Dead {}\n',
    'b.ts': "import { used } from './a.ts';\nexport type { Handed } from './a.ts';\nused();\n// Dead\n",
    'c.ts': 'export const OWN = 2;\nconst twice = OWN * 2;\nexport { twice };\n',
  };
  const sources = Object.entries(files).map(([path, text]) => ({ path, text, lines: 1 }));
  assert.deepEqual(
    deadExports(sources).map(({ path, line, name }) => `${path}:${line} ${name}`),
    ['a.ts:1 LIMIT', 'a.ts:6 Dead'],
  );
});

test('an import that points inward passes', () => {
  assert.equal(problemOf('packages/control/src/control.ts', '@spillway/core'), undefined);
  assert.equal(problemOf('packages/core/src/refusal.ts', './audit/entry.ts'), undefined);
});

test('imports are found in every form and not in comments', () => {
  const text = [
    "import { a } from 'one';",
    "import type { b } from 'two';",
    "export * from './three.ts';",
    "// import 'not-this';",
    "const late = await import('four');",
    "import 'five';",
  ].join('\n');
  assert.deepEqual(
    importsOf(text).map(({ specifier, line, typeOnly }) => [specifier, line, typeOnly]),
    [
      ['one', 1, false],
      ['two', 2, true],
      ['./three.ts', 3, false],
      ['four', 5, false],
      ['five', 6, false],
    ],
  );
});
