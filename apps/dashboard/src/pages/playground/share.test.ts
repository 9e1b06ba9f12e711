import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from './answer.ts';
import { contextInAddress } from './held-context.ts';
import { commandText, fixtureText, neededAttributes, redacted, shareAllLink, shareLink } from './share.ts';

const answer: Answer = {
  flagKey: 'checkout',
  value: true,
  variant: 'on',
  reason: 'SPLIT',
  flagMetadata: { configuration: 7, flagVersion: 2, rule: 'pro' },
  trace: {
    decided_by: 'rule',
    prerequisites: [
      {
        flag: 'payments',
        variants: ['on'],
        met: true,
        explanation: {
          evaluation: { flagKey: 'payments', value: true, reason: 'STATIC', flagMetadata: { configuration: 7 } },
          trace: {
            decided_by: 'rule',
            rules: [
              {
                id: 'r',
                result: 'matched',
                condition: { is: 'comparison', attribute: 'region', operator: 'equals', expected: ['eu'], met: true },
              },
            ],
          },
        },
      },
    ],
    rules: [
      {
        id: 'pro',
        result: 'matched',
        condition: {
          is: 'all',
          met: true,
          parts: [
            { is: 'comparison', attribute: 'plan', operator: 'equals', expected: ['pro'], actual: 'pro', met: true },
            { is: 'segment', segment: 'vips', met: false, parts: [], members: { key: 'u1', listed: false } },
          ],
        },
      },
    ],
    split: { by: 'organisation', path: ['id'], seed: 'checkout', key: 'acme', bucket: 5, parts: [] },
  },
};
const context = {
  targetingKey: 'u1',
  plan: 'pro',
  organisation: { id: 'acme' },
  region: 'eu',
  email: "o'neil@example.com",
};
const question = { flag: 'checkout', context, environments: ['production', 'staging'], at: '2026-12-01T00:00:00Z' };
const answers = [{ environment: 'production', answer }];

test('only what the answer depended on is kept of the context, through segments, splits and prerequisites', () => {
  const needed = neededAttributes(answers);
  assert.deepEqual([...needed].sort(), ['organisation', 'plan', 'region', 'targetingKey']);
  assert.deepEqual(Object.keys(redacted(context, needed)).includes('email'), false);
});

test('a shared link asks the same again, and its context stands where no server sees it', () => {
  const link = new URL(shareLink(question, redacted(context, new Set(['plan'])), 'https://flags.example.com'));
  assert.equal(link.pathname, '/flags/checkout');
  assert.deepEqual(Object.fromEntries(link.searchParams), {
    tab: 'playground',
    env: 'production',
    with: 'staging',
    at: '2026-12-01T00:00:00Z',
  });
  assert.equal(contextInAddress(link.hash), '{\n  "plan": "pro"\n}');
  assert.equal(contextInAddress('#context=%7Bbroken'), undefined);
});

test('a link about every flag names the environment and the moment, and nothing that was left out', () => {
  const asked = { context, environments: ['production'], at: '2026-12-01T10:00:00Z' };
  const link = new URL(shareAllLink(asked, redacted(context, new Set(['plan'])), 'https://flags.example.com'));
  assert.equal(link.pathname, '/playground');
  assert.deepEqual(
    [...link.searchParams],
    [
      ['env', 'production'],
      ['at', '2026-12-01T10:00:00Z'],
    ],
  );
  assert.equal(decodeURIComponent(link.hash).includes('targetingKey'), false);
});

test('a fixture holds the question and the answer, quoted so that no value can break the file', () => {
  const awkward = { ...question, context: { name: 'a: b # c\n- d' } };
  assert.equal(
    fixtureText(awkward, answers),
    `apiVersion: spillway/v1
kind: Tests
tests:
  - name: "checkout is true in production"
    flag: "checkout"
    environment: "production"
    at: "2026-12-01T00:00:00Z"
    context: {"name":"a: b # c\\n- d"}
    expect: {"value":true,"variant":"on","reason":"SPLIT"}
`,
  );
  assert.match(
    commandText(question, 'staging'),
    /-e staging --at 2026-12-01T00:00:00Z -c '\{.*o'\\''neil@example\.com.*\}'/,
  );
});
