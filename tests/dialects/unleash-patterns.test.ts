import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { patternOf } from '../../apps/cli/src/importing/unleash/patterns.ts';
import { PEERS_FOLDER, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { compilePattern } from '../../packages/evaluator/src/patterns/pattern.ts';
import { createRandom } from './importing.ts';

const NAME = 'unleash-client';
const skip = peerVersion(NAME) === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;
const SEED = Number(process.env.DIALECT_SEED ?? 20_260_405);
const PATTERNS = 20_000;

const PARTS = [
  ...['a', 'b', 'K', 's', '.', '^', '$', '|', ' ', '-', '/', ']', '\n', '\u00fc', '\u{1f600}'],
  ...['\\d', '\\w', '\\s', '\\S', '\\W', '\\D', '\\b', '\\B', '\\A', '\\z', '\\Z', '\\C', '\\pL', '\\p{Greek}'],
  ...[
    '(',
    ')',
    '(?:',
    '(?i)',
    '(?i:',
    '(?s)',
    '(?-i)',
    '(?im)',
    '(?m)',
    '(?m)^',
    '(?m:^',
    '(?-m)',
    '$|^',
    '(?U)',
    '(?P<n>',
    '(?<m>',
    '(?P<n',
  ],
  ...['(?=', '(?!', '(?<=', '(?>', '(?#', '\\1', '\\12', '\\0', '\\k', '\\c', '\\e', '\\h', '\\u0041', '\\'],
  ...['[a-c]', '[^a]', '[', '[]a]', '[^]b]', '[a-c-e]', '[--a]', '[\\d-z]', '[\\S\\s]', '[\\W]', '[^\\D]', '[z-a]'],
  ...[
    '[[:alpha:]]',
    '[[:upper:]]',
    '[^[:lower:]]',
    '[[:word:]-]',
    '[[:graph:]é]',
    '[[:xdigit:][:punct:]]',
    '[[:space:]]',
  ],
  ...['[[:foo:]]', '[[:^digit:]]', '[[:', '[\\b]', '[\\Q]', '[a\\]b]'],
  ...['*', '+', '?', '*?', '+?', '{', '}', '{2}', '{2,}', '{2,3}', '{3,2}', '{,2}', '{1001}', '{0}'],
  ...[
    '\\x41',
    '\\x{1F600}',
    '\\x{110000}',
    '\\xg',
    '\\Q',
    '\\E',
    '\\Q.a\\E',
    '\\.',
    '\\-',
    '\\/',
    '\\_',
    '\\ ',
    '\\<',
    '\\n',
    '\\a',
  ],
];
const TEXTS = [
  ...[
    '',
    'a',
    'b',
    'abc',
    'K',
    'k',
    '\u212a',
    's',
    'S',
    '\u017f',
    'a b',
    'a\nb',
    ...['\n', '\nb', 'a\n', 'b\n\nK', '\r\na', 'b\na b\ns'],
    'A',
    '12',
    'a-c',
    '\u00fc',
    '\u{1f600}',
  ],
  ...[
    'a.b',
    '{',
    '}',
    'a{,2}',
    ']',
    '\\',
    'ab12_x',
    '\u0007',
    '-',
    '/',
    '\v',
    '\u00a0',
    'aa',
    'aaa',
    'E',
    '.a',
    '[',
    'z',
    '_',
  ],
];

interface Re2 {
  readonly CASE_INSENSITIVE: number;
  compile(pattern: string, flags: number | undefined): { matcher(text: string): { find(): boolean } };
}

test('S6: a pattern finds what RE2 finds, and nothing where RE2 refuses it', { skip }, () => {
  const require = createRequire(join(PEERS_FOLDER, 'node_modules', NAME, 'package.json'));
  const { RE2JS } = require('re2js') as { RE2JS: Re2 };
  const random = createRandom(SEED);
  let compared = 0;
  for (let count = 0; count < PATTERNS; count += 1) {
    const pattern = random.some(PARTS, 5).join('');
    const ignoresCase = random.chance(0.3);
    const ours = attempt(() => {
      const translated = patternOf(pattern, ignoresCase);
      return translated === undefined ? 'nothing' : compilePattern(translated);
    });
    if (ours === undefined) continue;
    const theirs = attempt(() => RE2JS.compile(pattern, ignoresCase ? RE2JS.CASE_INSENSITIVE : undefined));
    assert.equal(ours === 'nothing', theirs === undefined, `seed ${SEED}: ${JSON.stringify(pattern)}`);
    if (ours === 'nothing') continue;
    compared += 1;
    for (const text of TEXTS) {
      assert.equal(ours(text), theirs?.matcher(text).find(), `${JSON.stringify(pattern)} in ${JSON.stringify(text)}`);
    }
  }
  assert.ok(compared > PATTERNS / 5, `${compared} patterns were compared`);
});

/** Undefined for a pattern that is refused, here or there; a fault is none. */
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return undefined;
  }
}
