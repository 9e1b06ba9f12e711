import type { Operator } from '@spillway/evaluator';

/** What an operator compares with, which decides the input that it gets. */
export type Operand =
  | 'scalar'
  | 'scalars'
  | 'text'
  | 'pattern'
  | 'number'
  | 'range'
  | 'version'
  | 'instant'
  | 'nothing'
  | 'imported';

interface OperatorLook {
  readonly words: string;
  readonly operand: Operand;
  readonly group: 'Value' | 'Text' | 'Number' | 'Version' | 'Time' | 'Other products';
}

/** In the order in which a list offers them. */
export const OPERATORS: Readonly<Record<Operator, OperatorLook>> = {
  equals: { words: 'is', operand: 'scalar', group: 'Value' },
  not_equals: { words: 'is not', operand: 'scalar', group: 'Value' },
  in: { words: 'is one of', operand: 'scalars', group: 'Value' },
  not_in: { words: 'is none of', operand: 'scalars', group: 'Value' },
  exists: { words: 'is present', operand: 'nothing', group: 'Value' },
  contains: { words: 'contains', operand: 'scalar', group: 'Text' },
  not_contains: { words: 'does not contain', operand: 'scalar', group: 'Text' },
  starts_with: { words: 'starts with', operand: 'text', group: 'Text' },
  ends_with: { words: 'ends with', operand: 'text', group: 'Text' },
  regex: { words: 'matches', operand: 'pattern', group: 'Text' },
  greater_than: { words: 'is more than', operand: 'number', group: 'Number' },
  greater_or_equal: { words: 'is at least', operand: 'number', group: 'Number' },
  less_than: { words: 'is less than', operand: 'number', group: 'Number' },
  less_or_equal: { words: 'is at most', operand: 'number', group: 'Number' },
  between: { words: 'is between', operand: 'range', group: 'Number' },
  semver_equals: { words: 'is version', operand: 'version', group: 'Version' },
  semver_greater_than: { words: 'is a version after', operand: 'version', group: 'Version' },
  semver_greater_or_equal: { words: 'is at least version', operand: 'version', group: 'Version' },
  semver_less_than: { words: 'is a version before', operand: 'version', group: 'Version' },
  semver_less_or_equal: { words: 'is at most version', operand: 'version', group: 'Version' },
  before: { words: 'is before', operand: 'instant', group: 'Time' },
  after: { words: 'is after', operand: 'instant', group: 'Time' },
  imported: { words: 'is as another product has it', operand: 'imported', group: 'Other products' },
};

export const OPERATOR_NAMES = Object.keys(OPERATORS) as readonly Operator[];

/** Those that compare text character by character, and so can leave upper and lower case aside. */
export const CASED: ReadonlySet<Operator> = new Set<Operator>([
  'equals',
  'not_equals',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
]);

export function isOperator(text: unknown): text is Operator {
  return typeof text === 'string' && Object.hasOwn(OPERATORS, text);
}
