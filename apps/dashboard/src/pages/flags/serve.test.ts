import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf, inForm, serveFault } from './serve.ts';
import { partsNow, rampAt } from './serve-now.ts';

const variants = [
  { name: 'on', value: true },
  { name: 'off', value: false },
];
const now = Date.parse('2026-12-01T10:20:00Z');

test('F4: another form of serving starts from what was served, and can be saved at once', () => {
  for (const form of ['variant', 'split', 'stages', 'ramp', 'value'] as const) {
    const serve = inForm({ variant: 'on' }, form, variants, 'boolean', now);
    assert.equal(formOf(serve), form);
    assert.equal(serveFault(serve, variants), undefined, form);
  }
  assert.deepEqual(inForm({ variant: 'on' }, 'split', variants, 'boolean', now), {
    split: [
      { variant: 'on', percentage: 100 },
      { variant: 'off', percentage: 0 },
    ],
  });
});

test('F4: stages out of order, ramps that end before they begin and shares that miss are named', () => {
  const step = (from: string) => ({ from, percentage: 10 });
  const stages = (...times: string[]) => ({ stages: { variant: 'on', otherwise: 'off', steps: times.map(step) } });
  assert.equal(serveFault(stages('2026-12-02T00:00:00Z', '2026-12-01T00:00:00Z'), variants)?.includes('order'), true);
  assert.equal(serveFault(stages(''), variants), 'A stage has no time');
  assert.equal(serveFault(stages(), variants), 'Stages need at least one');
  const ramp = { variant: 'on', otherwise: 'off', from_percentage: 0, to_percentage: 100 };
  const backwards = { ramp: { ...ramp, from: '2026-12-02T00:00:00Z', to: '2026-12-01T00:00:00Z' } };
  assert.equal(serveFault(backwards, variants), 'A ramp has to end after it begins');
  assert.equal(serveFault({ split: [{ variant: 'on', percentage: 10 }] }, variants)?.includes('100 %'), true);
});

test('F4: a ramp is drawn where the evaluator would have it', () => {
  const ramp = {
    variant: 'on',
    otherwise: 'off',
    from: '2026-12-01T00:00:00Z',
    to: '2026-12-03T00:00:00Z',
    from_percentage: 10,
    to_percentage: 50,
  };
  assert.equal(rampAt(ramp, Date.parse('2026-11-30T00:00:00Z')), 10);
  assert.equal(rampAt(ramp, Date.parse('2026-12-02T00:00:00Z')), 30);
  assert.equal(rampAt(ramp, Date.parse('2026-12-09T00:00:00Z')), 50);
});

test('F5: who is served a share stays, whatever form it is given next', () => {
  const split = [
    { variant: 'off', percentage: 60 },
    { variant: 'on', percentage: 40 },
  ];
  const ramp = inForm({ split }, 'ramp', variants, 'boolean', now);
  assert.ok('ramp' in ramp);
  assert.equal(ramp.ramp.from_percentage, 40);
  const stages = inForm(ramp, 'stages', variants, 'boolean', now);
  assert.deepEqual(partsNow(stages, now), [
    { variant: 'on', percentage: 40 },
    { variant: 'off', percentage: 60 },
  ]);
  assert.equal(serveFault(stages, variants), undefined);
  assert.deepEqual(inForm(ramp, 'split', [...variants].reverse(), 'boolean', now), {
    split: [
      { variant: 'on', percentage: 40 },
      { variant: 'off', percentage: 60 },
    ],
  });
});

test('F5: a schedule for those who get the off variant is one of the other variant', () => {
  const ramp = inForm({ variant: 'off' }, 'ramp', variants, 'boolean', now);
  assert.ok('ramp' in ramp);
  assert.deepEqual([ramp.ramp.variant, ramp.ramp.otherwise, ramp.ramp.from_percentage], ['on', 'off', 0]);
});
