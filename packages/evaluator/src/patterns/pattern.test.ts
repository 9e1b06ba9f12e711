import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isFound } from '../testing/ecmascript.ts';
import { compilePattern, compileUnitPattern, patternProblem, unitPatternProblem } from './pattern.ts';

const atom = fc.constantFrom(
  'a',
  'b',
  'é',
  '😀',
  '.',
  '\\d',
  '\\w',
  '\\S',
  '[a-c]',
  '[^a\\d]',
  '[-x]',
  '\\.',
  '\\b',
  '^',
  '$',
);
const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,}', '{0,3}', '*?');
const { pattern: anyPattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.tuple(atom, quantifier).map(([item, times]) => (/^(?:\^|\$|\\b)$/.test(item) ? item : item + times)),
    fc.tuple(tie('pattern'), quantifier).map(([inner, times]) => `(?:${inner})${times}`),
  ),
  pattern: fc
    .array(
      fc.array(tie('piece'), { maxLength: 3 }).map((pieces) => pieces.join('')),
      { minLength: 1, maxLength: 3 },
    )
    .map((options) => options.join('|')),
}));
/** Short, because the engine compared with backtracks. */
const shortPattern = anyPattern.filter((pattern) => pattern.length <= 60);
const anyText = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '1', '-', ' ', '\n', '😀', '.'), maxLength: 12 });

describe('regular expressions', () => {
  test('F3: find what ECMAScript finds, on random patterns and texts', () => {
    let found = 0;
    fc.assert(
      fc.property(shortPattern, anyText, (pattern, text) => {
        const expected = isFound(pattern, text);
        if (expected) found += 1;
        assert.equal(compilePattern(pattern)(text), expected, `${pattern} in ${JSON.stringify(text)}`);
      }),
      { numRuns: 3_000 },
    );
    assert.ok(found > 100, 'hardly any pattern matched');
  });

  test('F3: without the u flag, for other products: by code units, and case aside where it is asked', () => {
    const unitAtoms = [
      'a',
      'K',
      'é',
      '😀',
      '.',
      '\\w',
      '\\W',
      '[A-k]',
      '[^a\\d]',
      '\\@',
      '}',
      '[^é-😀]',
      '\\b',
      'ſ',
      'ǆ',
    ];
    const pieces = fc.tuple(fc.constantFrom(...unitAtoms), fc.constantFrom('', '*', '{2}'));
    const patterns = fc
      .array(pieces, { minLength: 1, maxLength: 4 })
      .map((all) => all.map(([atom, times]) => (atom === '\\b' ? atom : atom + times)).join(''))
      .filter((pattern) => unitPatternProblem(pattern) === undefined);
    const texts = fc.string({ unit: fc.constantFrom(...'aKkÉé😀\ud83d\ude001@}sſǆǄǅ\u212a'.split('')), maxLength: 8 });
    fc.assert(
      fc.property(patterns, texts, fc.constantFrom('kept' as const, 'ignored' as const), (pattern, text, cases) => {
        const expected = new RegExp(pattern, cases === 'kept' ? '' : 'i').test(text);
        assert.equal(
          compileUnitPattern(pattern, cases)(text),
          expected,
          `${pattern} in ${JSON.stringify(text)} ${cases}`,
        );
      }),
      { numRuns: 5_000 },
    );
    assert.match(unitPatternProblem('\\u{61}') ?? '', /hexadecimal/);
    assert.match(unitPatternProblem('(?<=a)b') ?? '', /look-around/);
  });

  test('F3: for other products, a pattern may look ahead at its beginning, and name groups', () => {
    const pieces = fc.constantFrom(
      'a',
      'b',
      '.',
      '.*',
      'a|b',
      '[^a]',
      'b$',
      'a{2}',
      '(?<name>ab?)',
      '',
      '\\b',
      '.*\\d',
    );
    const looks = fc.array(fc.tuple(fc.constantFrom('=', '!'), pieces), { minLength: 1, maxLength: 3 });
    const patterns = fc.tuple(looks, pieces, pieces).map(([ahead, first, second]) => {
      const written = ahead
        .map(([mark, inner]) => `(?${mark}${inner})`)
        .join('')
        .replaceAll('?<name>', '');
      return `^${written}(?:${first.replace('?<name>', '')})${second === 'a|b' ? '(a|b)' : second}`;
    });
    let found = 0;
    fc.assert(
      fc.property(
        patterns,
        fc.string({ unit: fc.constantFrom(...'ab1é\n'.split('')), maxLength: 6 }),
        (pattern, text) => {
          const expected = new RegExp(pattern).test(text);
          if (expected) found += 1;
          assert.equal(compileUnitPattern(pattern)(text), expected, `${pattern} in ${JSON.stringify(text)}`);
        },
      ),
      { numRuns: 5_000 },
    );
    assert.ok(found > 100, 'hardly any pattern matched');
    assert.match(unitPatternProblem('^(?!a)b|c') ?? '', /alternatives/);
    for (const elsewhere of ['(?=a)', '^a(?=b)', '^(?!a(?=b))', '^(?=a)*b', '^(?<=a)', '^(?!a']) {
      assert.notEqual(unitPatternProblem(elsewhere), undefined, elsewhere);
    }
    for (const native of ['^(?!a)b', '(?<name>a)']) assert.match(patternProblem(native) ?? '', /look-around/);
  });

  test('F3: a pattern that makes backtracking engines explode answers at once', () => {
    const hostile = compilePattern('^(a+)+$');
    const started = performance.now();
    assert.equal(hostile(`${'a'.repeat(20_000)}!`), false);
    assert.equal(compilePattern('(x*x*)*y')('x'.repeat(5_000)), false);
    assert.ok(performance.now() - started < 2_000);
  });

  test('F3: what cannot be matched in linear time is refused, with the reason', () => {
    assert.match(patternProblem('(?=a)') ?? '', /look-around/);
    assert.match(patternProblem('(a)\\1') ?? '', /\\1 is not supported/);
    assert.match(patternProblem('((a{1000}){1000}){1000}') ?? '', /too large/);
    assert.match(patternProblem('a'.repeat(1_001)) ?? '', /1000 characters/);
    assert.match(patternProblem('a{1001}') ?? '', /at most 1000/);
    assert.match(patternProblem('('.repeat(500)) ?? '', /deep/);
    for (const pattern of ['(', ')', '[a', '*a', 'a**', '^*', '\\', 'a{2,1}', 'a{', '[b-a]', '\\q', '\\u{110000}']) {
      assert.notEqual(patternProblem(pattern), undefined, pattern);
    }
    assert.equal(patternProblem('^[\\w.+-]+@(?:acme|corp)\\.(com|de)$'), undefined);
  });
});
