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
  readonly operand: Operand;
  readonly group: 'Value' | 'Text' | 'Number' | 'Version' | 'Time' | 'Other products';
}

/** In the order in which a list offers them. */
export const OPERATORS: Readonly<Record<Operator, OperatorLook>> = {
  equals: { operand: 'scalar', group: 'Value' },
  not_equals: { operand: 'scalar', group: 'Value' },
  in: { operand: 'scalars', group: 'Value' },
  not_in: { operand: 'scalars', group: 'Value' },
  exists: { operand: 'nothing', group: 'Value' },
  contains: { operand: 'scalar', group: 'Text' },
  not_contains: { operand: 'scalar', group: 'Text' },
  starts_with: { operand: 'text', group: 'Text' },
  ends_with: { operand: 'text', group: 'Text' },
  regex: { operand: 'pattern', group: 'Text' },
  greater_than: { operand: 'number', group: 'Number' },
  greater_or_equal: { operand: 'number', group: 'Number' },
  less_than: { operand: 'number', group: 'Number' },
  less_or_equal: { operand: 'number', group: 'Number' },
  between: { operand: 'range', group: 'Number' },
  semver_equals: { operand: 'version', group: 'Version' },
  semver_greater_than: { operand: 'version', group: 'Version' },
  semver_greater_or_equal: { operand: 'version', group: 'Version' },
  semver_less_than: { operand: 'version', group: 'Version' },
  semver_less_or_equal: { operand: 'version', group: 'Version' },
  before: { operand: 'instant', group: 'Time' },
  after: { operand: 'instant', group: 'Time' },
  imported: { operand: 'imported', group: 'Other products' },
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
