import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryWords } from './entry-words.ts';

const CAUSE = 'Aborted by bootstrap: too slow.';
const asked = { action: 'rollout.aborted', actor: 'token:bootstrap', reason: 'too slow' };
const decided = { action: 'rollout.rolled_back', actor: 'system' };

test('R12: who aborted a rollout is named as people are, and their reason is quoted once', () => {
  const because = { decision: 'aborted', summary: 'Aborted by bootstrap.' };
  assert.deepEqual(entryWords({ ...asked, because }, CAUSE), { decided: 'Aborted by bootstrap.', asked: '“too slow”' });
});

test('R12: an ending does not say again why it came', () => {
  const ending = { ...decided, reason: CAUSE, because: { decision: 'rolled_back', summary: CAUSE } };
  assert.deepEqual(entryWords(ending, CAUSE), { decided: 'Rolled back', asked: '' });
  const kept = { decision: 'failed', summary: `${CAUSE} Finished before and kept: api.` };
  assert.equal(entryWords({ ...ending, because: kept }, CAUSE).decided, 'Finished before and kept: api.');
  const atOnce = { decision: 'rolled_back', summary: `Aborted by bootstrap. ${CAUSE}` };
  assert.deepEqual(entryWords({ ...asked, because: atOnce }, CAUSE), {
    decided: 'Aborted by bootstrap.',
    asked: '“too slow”',
  });
});

test('R12: the check that turned a rollout back keeps its sentence, and an entry without one is named by its action', () => {
  const cause = 'v3 failed in 12 % where 5 % is the most.';
  const checked = { ...decided, action: 'rollout.checked', reason: cause };
  assert.equal(entryWords({ ...checked, because: { decision: 'checked', summary: cause } }, cause).decided, cause);
  const started = { ...asked, action: 'rollout.started', because: null };
  assert.deepEqual(entryWords(started, undefined), { decided: 'Started', asked: 'bootstrap: “too slow”' });
});
