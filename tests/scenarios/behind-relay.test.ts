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

/** A page is told values by the relay; how these come to it is seen above. */
const IN_PAGES = new Set(['start', 'change', 'disconnect', 'server-killed', 'key-revoked']);

await testScenarios('node-sdk.ts', 'behind_relay', ({ file }) => RECEPTION.has(file));
await testScenarios('web-sdk.ts', 'behind_relay', ({ file }) => IN_PAGES.has(file));
