import { testScenarios } from './all.ts';

await testScenarios('node-sdk.ts', 'direct');
