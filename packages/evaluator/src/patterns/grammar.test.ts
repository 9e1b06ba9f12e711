import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isFound } from '../testing/ecmascript.ts';
import { compilePattern, compileUnitPattern, patternProblem, unitPatternProblem } from './pattern.ts';

const listed = (text: string): readonly string[] => text.trim().split(/\s+/);

const TEXTS = [
  ...listed('a A aA b aa aaa aaaa ab ba abc _ - ^ ] } { @ ! 0 9 5 é K k J ſ aé éa x.y u x n'),
  ...['', ' ', 'a b', '\n', '\r', '\t', '\f', '\v', '\u2028', '\u2029', '\u00a0', '\ufeff', '\u212a', 'line\nbreak'],
  ...[
    '😀',
    '😁',
    'a😀',
    '😀a',
    '\ud83d',
    '\ude00',
    '\ud7ff\udc00',
    '\udc00\udc00',
    '\u{10000}',
    '\u{10fc00}',
    '\uffff',
    '\u{10ffff}',
    '\u{1f5ff}',
  ],
];

/** Every way to write one thing, and what stands beside it. */
const PATTERNS = listed(String.raw`
  a a|b a| | (a) (?:a) () (a|b)c (?:a|(b))c ((a)) ^$ ^a$ ^(?:a|b)$ a$|^b
  . ^.$ ^..$ \d \D \w \W \s \S ^\s$ ^\w$ ^\d$ ^\D$ ^\W$ ^\S$
  \n \r \t \f \v \x61 \x4B \xe9 \xE9 ^\xe9 \u0061 \u00e9 \uFEFF \ufeff
  \^ \$ \\ \. \* \+ \? \( \) \[ \] \{ \} \| \/
  a* ^a*$ ^a+$ ^a?$ ^a{2}$ ^a{2,}$ ^a{2,3}$ ^a{0}$ ^a{0,}$ ^a{1,1}$ ^a{09}$ ^a{3}$
  ^a*?$ ^a+?$ ^a??$ ^a{2}?$ ^a{2,3}?$ ^(?:ab?)*$ ^(?:a|b){2}$ ^(?:a*)*$ (?:)* ^(?:a{2}){2}$
  [a] [ab] ^[a-c]$ ^[^a-c]$ [] [^] ^[^]$ [\d] ^[\d_]$ ^[\w-]$ [-a] ^[a-]$ ^[-]$
  ^[a\-c]$ [\]] [\^] ^[^^]$ ^[a^]$ [a-a] ^[\x61-\x63]$ ^[\u0061-c]$ [.] ^[$]$ [(] [*+?{}]
  ^[\n-\r]$ ^[^😀]$ [é-😀] \b \B ^\b \b$ \ba a\b \Ba a\B ^\B$ ^\B
  \B$ x.y x\.y - ^[!--]$ ^[\s\S]$ ^[\W\d]$ \b_\b 5|9 ^[5-9]$ ^[^5-9]$ a{1}b{1} ^(?:a|ab)(?:c|bc)$ (?:(?:a|b)|c)$
  ^(?:a|b|c)+$ ^(?:|a)$ ^a{0,2}b?$ ^(?:ab){0,1}c?$ ^[\S]$ ^[\D]$ ^[^\s]$ ^\S\s\S$ \w\W K ſ [j-k] [^k] é [^(?=]
`).concat('');
const UNICODE_ONLY = listed(String.raw`
  \u{61} \u{1f600} \u{1F600} ^\u{10ffff}$ ^[\u{1f600}-\u{1f601}]$ \u{000061} ^[😀-😁]$
  \ud83d\ude00 ^\ud83d\ude00$ ^[\ud83d\ude00]$ ^[\ud83d\ude00-\ud83d\ude01]$ ^\ud83d$ ^\ude00$ ^\udbff\udfff$ ^\ud83c\udfff$
  \uD83D\uDE00 \ud83d(?:\ude00) \ude00\ud83d ^\ud83d\ud83d\ude00 ^\ud83da ^[\ud83da]$ ^\ud83d\u0061 ^\ud83d\x61 \ud800 \udc00
  ^\ud7ff\udc00$ ^\udc00\udc00$ ^\ud800\udc00$ ^\udbff\udc00$ ^\ud800\udbff
`);
const UNITS_ONLY = listed(
  String.raw`^(?=a)(b=)?a ^(?=b)b?=?b ^(?!a)(a=)?b } ] ^}$ \@ \- \! \é ^\ud83d\ude00$ ^\ud83d \ude00$ ^[\ud83d\ude00]{2}$ ^[^a]{2}$`,
).concat('\\ ');

describe('what a pattern may be written with', () => {
  test('F3: finds what ECMAScript finds with the u flag', () => {
    for (const pattern of [...PATTERNS, ...UNICODE_ONLY]) {
      const found = compilePattern(pattern);
      for (const text of TEXTS)
        assert.equal(found(text), isFound(pattern, text), `${pattern} in ${JSON.stringify(text)}`);
    }
  });

  test('F3: finds what ECMAScript finds without it, case kept and ignored', () => {
    for (const pattern of [...PATTERNS, ...UNITS_ONLY]) {
      for (const [cases, flags] of [
        ['kept', ''],
        ['ignored', 'i'],
      ] as const) {
        const found = compileUnitPattern(pattern, cases);
        const expected = new RegExp(pattern, flags);
        for (const text of TEXTS) {
          assert.equal(found(text), expected.test(text), `/${pattern}/${flags} in ${JSON.stringify(text)}`);
        }
      }
    }
  });

  test('F3: what ECMAScript has no meaning for is refused', () => {
    const inBoth = listed(
      String.raw`( ) a) (?a<b>c) (?:a [ [a [a- \ a** a+* a{2}{3} * +a ? |* (*) [b-a] a{3,2} a{2}?? ^* \b+ $?`,
    );
    const withFlag = listed(String.raw`
      { } ] {2} a{ a{} a{,2} a{2 a{2, a{2,3 a{x} a{2,x} a{2;3} [\d-z] [a-\d] [\w-z] [z-\w] \x6 \x6g \xg6 \x
      \u61 \u006g \ug061 \u{} \u{110000} \u{g} \u{g61} \u{61 \u{1f600g} \u{g1f600} \@ \é \q \7 \u
    `);
    for (const pattern of [...inBoth, ...withFlag]) {
      assert.throws(() => new RegExp(pattern, 'u'), SyntaxError, pattern);
      assert.notEqual(patternProblem(pattern), undefined, pattern);
    }
    const withoutFlag = listed(String.raw`{ a{ \q \7 \xg6 \x6 \u61 \u006g [\d-z] [a-\d]`);
    for (const pattern of [...inBoth, ...withoutFlag]) assert.notEqual(unitPatternProblem(pattern), undefined, pattern);
  });

  test('a refusal says what is wrong and how it is written rightly', () => {
    for (const [pattern, reason] of [
      ['a{', /\{2\}, \{2,\} or \{2,5\}/],
      ['a{2', /\{2\}, \{2,\} or \{2,5\}/],
      ['a{2,1}', /smaller number first/],
      ['a{1001}', /at most 1000/],
      ['}', /write \\\} for/],
      ['*', /nothing before \* to repeat/],
      ['a**', /put it in a group/],
      ['^*', /an anchor cannot be repeated/],
      [')', /closes a group that it did not open/],
      ['(', /a group is not closed/],
      ['[a', /ends too early/],
      ['\\', /ends too early/],
      ['[b-a]', /runs backwards/],
      ['[\\d-a]', /from one character to another/],
      ['\\x1', /2 hexadecimal digits/],
      ['\\u12', /4 hexadecimal digits/],
      ['\\u{110000}', /\\u\{1f600\}/],
      ['\\q', /\\q is not supported/],
    ] as const) {
      assert.match(patternProblem(pattern) ?? '', reason, pattern);
    }
  });

  test('limits hold to the very last that is allowed', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}${')'.repeat(depth)}`;
    assert.equal(patternProblem('a'.repeat(1_000)), undefined);
    assert.match(patternProblem('a'.repeat(1_001)) ?? '', /1000 characters/);
    assert.equal(patternProblem('a{1000}'), undefined);
    assert.equal(patternProblem('\\u{000061}'), undefined);
    assert.match(patternProblem('\\u{0000061}') ?? '', /a code point is written as/);
    assert.equal(patternProblem(nested(49)), undefined);
    assert.match(patternProblem(nested(50)) ?? '', /more than 50 deep/);
    // One group beside another is no deeper than one.
    assert.equal(patternProblem('(a)'.repeat(100)), undefined);
    assert.equal(patternProblem('(?:a{1000}){3}a{999}'), undefined);
    assert.match(patternProblem('(?:a{1000}){4}') ?? '', /too large/);
  });

  test('one compiled pattern is asked for one text after another, and remembers none', () => {
    const pattern = compilePattern('^(?:ab|a)+c\\b');
    for (let round = 0; round < 1_000; round += 1) {
      assert.equal(pattern('abac'), true);
      assert.equal(pattern('abab'), false);
      assert.equal(pattern(''), false);
      assert.equal(pattern('abacc'), false);
    }
  });
});
