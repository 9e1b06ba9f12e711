import type { Operator } from '@spillway/evaluator';

/** What stands between an attribute and the values it is compared with. */
export const OPERATOR_WORDS: Readonly<Record<Operator, string>> = {
  equals: 'is',
  not_equals: 'is not',
  in: 'is one of',
  not_in: 'is none of',
  exists: 'is present',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  regex: 'matches',
  greater_than: 'is more than',
  greater_or_equal: 'is at least',
  less_than: 'is less than',
  less_or_equal: 'is at most',
  between: 'is between',
  semver_equals: 'is version',
  semver_greater_than: 'is a version after',
  semver_greater_or_equal: 'is at least version',
  semver_less_than: 'is a version before',
  semver_less_or_equal: 'is at most version',
  before: 'is before',
  after: 'is after',
  imported: 'is as another product has it',
};
