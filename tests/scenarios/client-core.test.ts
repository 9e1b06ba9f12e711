import { testScenarios } from './all.ts';

/** What depends on the platform that a client is made for; the rest is the Node SDK's too, and seen there. */
const ON_A_PLATFORM = new Set([
  'start',
  'change',
  'no-server',
  'disconnect',
  'half-open',
  'clock',
  'kill-is-kept',
  'kill-outlives-the-client',
  'unreadable-start',
]);

await testScenarios('client-core.ts', 'direct', ({ file }) => ON_A_PLATFORM.has(file));
