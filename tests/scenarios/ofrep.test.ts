import { testScenarios } from './all.ts';

await testScenarios('ofrep.ts', 'direct');
