import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkCodeReferences } from './code-references.ts';
import type { FlagInput } from './input.ts';
import { STALE_AFTER_MS, type StalenessFacts, stalenessOf } from './staleness.ts';
import { normalised, problems } from './testing/normalising.ts';

const NOW = 1_800_000_000_000;
const OLD = NOW - STALE_AFTER_MS - 1;

function reasonOf(input: Partial<FlagInput>, facts: Partial<StalenessFacts> = {}) {
  const flag = normalised({ key: 'a', ...input });
  return stalenessOf(flag, { changed_at_ms: OLD, referenced: false, ...facts }, NOW)?.reason;
}

const served = (variants: Record<string, number>, last = NOW - 1) => ({
  counted_since_ms: OLD,
  usage: { last_evaluated_at_ms: last, environments: { production: { last_evaluated_at_ms: last, variants } } },
});

const everyone = { environments: { production: { enabled: true } } };

test('F8: a flag that was never asked for is stale once nothing has come for thirty days', () => {
  assert.equal(reasonOf({}, { counted_since_ms: OLD }), 'never_evaluated');
  assert.equal(reasonOf({}, { counted_since_ms: NOW - 1 }), undefined);
  assert.equal(reasonOf({}, {}), undefined);
  assert.equal(reasonOf({}, { counted_since_ms: OLD, changed_at_ms: NOW - 1 }), undefined);
  assert.equal(reasonOf({}, served({}, OLD)), 'not_evaluated');
});

test('F8: a flag that serves one variant only is stale, and one that serves several is not', () => {
  assert.equal(reasonOf({}, served({ on: 10, off: 0 })), 'one_variant_only');
  assert.equal(reasonOf({}, served({ on: 10, off: 1 })), undefined);
});

test('F8: a flag that gives everyone the same in every environment is stale', () => {
  assert.equal(reasonOf(everyone), 'fully_rolled_out');
  assert.equal(reasonOf({ environments: { production: { enabled: true, percentage: 100 } } }), 'fully_rolled_out');
  assert.equal(reasonOf({ environments: { production: { enabled: true, percentage: 99.999 } } }), undefined);
  assert.equal(reasonOf({ environments: { ...everyone.environments, development: { enabled: false } } }), undefined);
  const rules = [{ when: { all: [] }, serve: { variant: 'off' } }];
  assert.equal(reasonOf({ environments: { production: { enabled: true, rules } } }), undefined);
  assert.equal(reasonOf(everyone, { changed_at_ms: NOW - 1 }), undefined);
});

test('F8: a permanent flag is never stale, an archived one only while code asks for it', () => {
  assert.equal(reasonOf({ ...everyone, permanent: true }, { counted_since_ms: OLD }), undefined);
  const archived = { ...normalised({ key: 'a' }), lifecycle: 'archived' as const };
  const facts = { changed_at_ms: NOW, referenced: true };
  assert.equal(stalenessOf(archived, facts, NOW)?.reason, 'archived_but_referenced');
  assert.equal(stalenessOf(archived, { ...facts, referenced: false }, NOW), undefined);
});

test('F8: code references are checked where they stand', () => {
  const good = { flag: 'a', path: 'src/a.ts', line: 1 };
  assert.equal(checkCodeReferences({ repository: 'github.com/acme/shop', references: [good] }).ok, true);
  const found = problems(
    checkCodeReferences({
      repository: 'has spaces',
      revision: '',
      references: [
        { flag: 'No', path: '', line: 0, text: 'x'.repeat(501) },
        { ...good, line: 1.5 },
      ],
    }),
  );
  assert.deepEqual(
    found.map(({ field }) => field),
    [
      '/repository',
      '/revision',
      '/references/0/flag',
      '/references/0/path',
      '/references/0/line',
      '/references/0/text',
      '/references/1/line',
    ],
  );
  const many = Array.from({ length: 5_001 }, () => good);
  assert.deepEqual(
    problems(checkCodeReferences({ repository: 'r', references: many })).map(({ field }) => field),
    ['/references'],
  );
});
