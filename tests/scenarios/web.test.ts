import { testScenarios } from './all.ts';

await testScenarios('web-sdk.ts', 'direct');
