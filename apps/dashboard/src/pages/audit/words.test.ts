import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deedWords } from './words.ts';

test('every deed reads as a sentence before the name of what it was done to', () => {
  const deeds = [
    ['flags', 'flag.created', 'created flag'],
    ['services', 'service.versions_changed', 'changed the versions of service'],
    ['services', 'service.live_changed', 'changed the live version of service'],
    ['segments', 'segment.members_imported', 'imported members into segment'],
    ['rollouts', 'rollout.started', 'started rollout'],
    ['rollouts', 'rollout.rolled_back', 'rolled back rollout'],
    ['rollouts', 'rollout.step_started', 'started a step of rollout'],
    ['rollouts', 'rollout.drift_repaired', 'drift repaired: rollout'],
    ['access', 'token.issued', 'issued token'],
    ['access', 'session.started', 'signed in as'],
  ] as const;
  for (const [noun, action, words] of deeds) assert.equal(deedWords({ noun, action }), words);
});
