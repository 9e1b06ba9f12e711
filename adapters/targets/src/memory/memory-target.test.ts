import { targetContract } from '../contract.ts';
import { memoryTarget } from './memory-target.ts';

targetContract('memory', async () => ({
  target: memoryTarget(),
  spec: (name, over) => ({
    name,
    command: ['nothing'],
    env: {},
    instances: 1,
    health: { path: '/', interval_ms: 1_000, timeout_ms: 1_000, start_timeout_ms: 1_000 },
    grace_ms: 0,
    ...over,
  }),
  answers: { skip: 'it runs nothing' },
  close: async () => undefined,
}));
