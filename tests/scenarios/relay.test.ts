import { testScenarios } from './all.ts';

/** What is a relay's own doing; how the SDK reads what arrives is seen without one. */
const RELAYED = new Set([
  'start',
  'change',
  'switch',
  'disconnect',
  'everything-missing',
  'server-killed',
  'server-restart',
  'server-paused',
  'key-revoked',
  'kill-is-kept',
  'kill-outlives-the-client',
  'many-flags',
]);

await testScenarios('node-sdk.ts', 'relay', ({ file }) => RELAYED.has(file));
await testScenarios('web-sdk.ts', 'relay', ({ file }) => RELAYED.has(file));
