import { refuse } from '@spillway/core';
import type { Control } from './control.ts';

const refusal = async () => refuse('unavailable', 'Rollouts are not wired in this build.');

export const rolloutsNotWired: Control['rollouts'] = {
  list: refusal,
  get: refusal,
  apply: refusal,
  command: refusal,
  history: refusal,
};
