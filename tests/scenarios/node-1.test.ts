import { testScenarios } from './all.ts';

/** Every other one: together they last for minutes. */
await testScenarios('node-sdk.ts', 'direct', (_, index) => index % 2 === 0);
