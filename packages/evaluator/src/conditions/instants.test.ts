import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseInstant } from './instants.ts';

test('F3: an instant is the same moment that the platform reads', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
      (date) => {
        assert.equal(parseInstant(date.toISOString()), date.getTime());
      },
    ),
  );
});

test('F3: offsets, dates alone, missing seconds and fractions are read', () => {
  const noon = Date.parse('2026-01-31T12:00:00Z');
  assert.equal(parseInstant('2026-01-31T13:30:00+01:30'), noon);
  assert.equal(parseInstant('2026-01-31T07:00:00-05:00'), noon);
  assert.equal(parseInstant('2026-01-31t12:00z'), noon);
  assert.equal(parseInstant('2026-01-31'), noon - 12 * 3_600_000);
  assert.equal(parseInstant('2026-01-31T12:00:00.1239Z'), noon + 123);
  assert.equal(parseInstant(`2026-01-31T12:00:00.1239${'9'.repeat(30)}Z`), noon + 123);
  assert.equal(parseInstant(noon), noon);
});

test('F3: every fourth year has a 29 February, of full centuries every fourth', () => {
  for (const year of [2024, 2000, 1600, 2400, 1972]) {
    assert.equal(parseInstant(`${year}-02-29`), Date.UTC(year, 1, 29), String(year));
    assert.equal(parseInstant(`${year}-03-01`), Date.UTC(year, 2, 1), String(year));
    assert.equal(parseInstant(`${year}-02-30`), undefined, String(year));
  }
  for (const year of [2023, 1900, 2100, 2200, 1700]) {
    assert.equal(parseInstant(`${year}-02-29`), undefined, String(year));
    assert.equal(parseInstant(`${year}-03-01`), Date.UTC(year, 2, 1), String(year));
  }
});

test('F3: every month ends on its last day, every hour and minute before the next', () => {
  for (const [index, days] of [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].entries()) {
    const month = `2026-${String(index + 1).padStart(2, '0')}`;
    assert.equal(parseInstant(`${month}-${days}`), Date.UTC(2026, index, days));
    assert.equal(parseInstant(`${month}-${days + 1}`), undefined, month);
  }
  const last = Date.UTC(2026, 0, 31, 23, 59, 59, 120);
  assert.equal(parseInstant('2026-01-31T23:59:59.12Z'), last);
  assert.equal(parseInstant('2026-02-01T23:58:59.12+23:59'), last);
  for (const time of ['24:00:00Z', '23:60:00Z', '23:59:60Z', '12:00:00+24:00', '12:00:00-24:00', '12:00:00+00:60']) {
    assert.equal(parseInstant(`2026-01-31T${time}`), undefined, time);
  }
  for (const day of ['2026-00-10', '2026-01-00']) assert.equal(parseInstant(day), undefined, day);
});

test('F3: what is no instant is none', () => {
  for (const value of ['', '2026-02-30', '2025-02-29', '2026-13-01', '2026-01-31T24:00:00Z', '2026-01-31T12:00:00']) {
    assert.equal(parseInstant(value), undefined, value);
  }
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, true, {}, null, ['2026-01-31'], '1769860800000']) {
    assert.equal(parseInstant(value), undefined);
  }
});
