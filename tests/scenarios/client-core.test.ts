import { testScenarios } from './all.ts';

await testScenarios('client-core.ts', 'direct');
