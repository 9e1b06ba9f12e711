import {
  type Answer,
  answerOf,
  type Comparison,
  type Condition,
  type Definitions,
  type Flag,
  partsOf,
  segmentOf,
  type User,
} from './definitions.ts';

/** The slow and obvious reading of a flag: its answer, or undefined where a hash decides. */
export function settledAnswer(definitions: Definitions, flag: Flag, user: User): Answer | undefined {
  if (!flag.enabled) return answerOf(flag, flag.off);
  const rule = flag.rules.find(({ when }) => when.every((condition) => holds(definitions, condition, user)));
  if (rule !== undefined) return answerOf(flag, rule.variant);
  return 'variant' in flag.otherwise ? answerOf(flag, flag.otherwise.variant) : undefined;
}

/** How far a measured share may be off, in standard deviations of a fair draw. */
const DEVIATIONS = 5;

/** What is wrong with an engine's answers to one flag; undefined when they are plausible. */
export function implausible(
  definitions: Definitions,
  flag: Flag,
  users: readonly User[],
  answers: readonly (Answer | undefined)[],
): string | undefined {
  const drawn = new Map<Answer, number>();
  let draws = 0;
  for (const [index, user] of users.entries()) {
    const answer = answers[index];
    const settled = settledAnswer(definitions, flag, user);
    if (settled === undefined) {
      draws += 1;
      if (answer !== undefined) drawn.set(answer, (drawn.get(answer) ?? 0) + 1);
    } else if (answer !== settled) {
      return `${flag.key} answers ${String(answer)} instead of ${String(settled)} for ${JSON.stringify(user)}`;
    }
  }
  for (const { variant, percentage } of partsOf(flag.otherwise)) {
    const share = percentage / 100;
    const expected = draws * share;
    const actual = drawn.get(answerOf(flag, variant)) ?? 0;
    if (draws > 0 && Math.abs(actual - expected) > DEVIATIONS * Math.sqrt(expected * (1 - share)) + 1) {
      return `${flag.key} gives ${variant} to ${actual} of ${draws} who are split, about ${Math.round(expected)} expected`;
    }
  }
  return undefined;
}

function holds(definitions: Definitions, condition: Condition, user: User): boolean {
  if (!('segment' in condition)) return compares(condition, user);
  const { ids, rules } = segmentOf(definitions, condition.segment);
  return ids.includes(user.targetingKey) || rules.some((rule) => rule.every((part) => compares(part, user)));
}

function compares(comparison: Comparison, user: User): boolean {
  const actual = user[comparison.attribute];
  switch (comparison.operator) {
    case 'in':
      return comparison.values.includes(String(actual));
    case 'ends_with':
      return String(actual).endsWith(comparison.value);
    case 'above':
      return Number(actual) > comparison.value;
    case 'semver_above':
      return isNewer(String(actual), comparison.value);
  }
}

function isNewer(actual: string, bound: string): boolean {
  const parts = (version: string) => version.split('.').map(Number);
  const [one, other] = [parts(actual), parts(bound)];
  const at = [0, 1, 2].find((index) => one[index] !== other[index]);
  return at !== undefined && (one[at] ?? 0) > (other[at] ?? 0);
}
