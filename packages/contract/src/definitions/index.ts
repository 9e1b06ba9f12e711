export type { Checked, Found } from '../field-problems.ts';
export { checkAgainst } from '../field-problems.ts';
export { MAX_CONDITIONS, MAX_PREREQUISITES, MAX_RULES } from '../flags/schemas.ts';
export { MAX_INLINE_MEMBERS } from '../segments/schemas.ts';
export { DEFINITIONS_SCHEMA_ID, definitionsSchema } from './json-schema.ts';
export type { Fixture } from './schemas.ts';
export {
  API_VERSION,
  definedFlag,
  definedSegment,
  definitions,
  definitionsFile,
  expectation,
  fixture,
  fixtures,
  MAX_DEFINED,
  MAX_FIXTURES,
} from './schemas.ts';
