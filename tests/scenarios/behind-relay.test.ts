import { testScenarios } from './all.ts';

/** What a relay's own reception is seen by; its timers run at their own pace, and it starts with a good connection. */
const RECEPTION = new Set([
  'start',
  'change',
  'switch',
  'disconnect',
  'server-killed',
  'duplicates',
  'reordered',
  'lost',
  'malformed',
  'truncated',
  'slow',
  'many-flags',
]);

await testScenarios('node-sdk.ts', 'behind_relay', ({ file }) => RECEPTION.has(file));
