import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { losesDigits, lostDigits, numbersThatLoseDigits } from './digits.ts';

test('up to 2^53 no whole number loses a digit; beyond it, those that no double is', () => {
  for (const kept of ['0', '-1', '9007199254740991', '9007199254740992', '-9007199254740992', '9007199254740994']) {
    assert.equal(losesDigits(kept), false, kept);
  }
  for (const lost of ['9007199254740993', '-9007199254740993', '+9007199254740993', '12345678901234567890']) {
    assert.equal(losesDigits(lost), true, lost);
  }
});

test('what a double prints as can be sent back', () => {
  assert.equal(losesDigits('9223372036854775808'), false);
  assert.equal(losesDigits('9223372036854776000'), false);
  assert.equal(losesDigits('9223372036854775807'), true);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => !losesDigits(JSON.stringify(value))),
    { seed: 20_261_129, numRuns: 2_000 },
  );
});

test('it agrees with arithmetic without bounds', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (whole) => {
      const written = String(whole);
      return losesDigits(written) === (BigInt(Number(written)) !== whole && String(Number(written)) !== written);
    }),
    { seed: 20_261_129, numRuns: 2_000 },
  );
});

test('other writings of whole numbers are understood, other numbers left alone', () => {
  assert.equal(losesDigits('0x20000000000001'), true);
  assert.equal(losesDigits('-0x20000000000001'), true);
  assert.equal(losesDigits('0o400000000000000001'), true);
  assert.equal(losesDigits('0x20000000000000'), false);
  assert.equal(losesDigits('00000000000000000017'), false);
  for (const other of ['1e21', '1.00000000000000001', '12345678901234567890.0', '1'.repeat(20).concat('e5')]) {
    assert.equal(losesDigits(other), false, other);
  }
  assert.equal(losesDigits('9'.repeat(100_000)), true);
});

test('in a text they are found outside of its strings', () => {
  const text =
    '{"12345678901234567890": "12345678901234567890 \\" 12345678901234567891", "a":[-12345678901234567892,1], "b":9007199254740993}';
  assert.deepEqual(numbersThatLoseDigits(text), ['-12345678901234567892', '9007199254740993']);
  assert.deepEqual(numbersThatLoseDigits('[12345678901234567890.5, 12345678901234567890e2, 1234567890123456]'), []);
});

test('what is said tells what would be kept, and the remedy', () => {
  assert.match(lostDigits('9007199254740993'), /it would be 9007199254740992.*as text/);
});
