import { type Condition, compileImported, type Json } from '@spillway/evaluator';
import { ALWAYS, every, NEVER } from '../conditions.ts';
import { anyOf, cannotCarry } from '../report.ts';
import type { Source } from '../source.ts';
import { importedTest, type Test } from '../stepwise.ts';

/** What a condition asks of another flag, where engines know of flags that depend on one another. */
export type Dependency = Readonly<{ feature: string; field: string }>;

/** What is asked of a flag: one and the same for everybody, or what a flag here serves. */
export type Answers =
  | { readonly constant: Json }
  | { readonly flag: string; readonly variants: readonly { readonly name: string; readonly value: Json }[] };

/** Undefined for a feature that is not in the file. */
export type Ask = (dependency: Dependency) => Answers | undefined;

const FEATURE = String.raw`(?:\.([A-Za-z_]\w*)|\['([^'\\]+)'\]|\["([^"\\]+)"\])`;
const FIELD = String.raw`(?:\.([A-Za-z_]\w*)|\['(\w+)'\]|\["(\w+)"\])`;
const PATH = new RegExp(String.raw`^\$\.flags${FEATURE}${FIELD}$`);

/** Of a property such as `$.flags.checkout.enabled`; undefined for others. */
export function dependencyIn(property: string): Dependency | undefined {
  const [feature, field] = (PATH.exec(property) ?? []).slice(1).filter((part) => part !== undefined);
  return feature === undefined || field === undefined ? undefined : { feature, field };
}

/** Whether a rule of a segment, or one inside it, asks another flag. */
export function asksFlags({ conditions, rules }: Rule): boolean {
  return conditions.some(({ flag }) => flag !== undefined) || rules.some(asksFlags);
}

/** A condition as `segments.ts` reads it. */
type Asking = Test & { readonly flag?: Dependency };

/** A rule as `segments.ts` reads it. */
export interface Rule {
  readonly type: string;
  readonly conditions: readonly Asking[];
  readonly rules: readonly Rule[];
}

interface Surroundings {
  /** Of the segment: shares are hashed with it. */
  readonly key: string;
  readonly environment: Test;
  readonly ask: Ask;
}

/** Who is in a segment that asks other flags: the evaluator's own conditions around those that ask only the identity. */
export function dependentSegment(rules: readonly Rule[], around: Surroundings): Condition {
  return every(rules.map((rule) => ruleCondition(rule, around)));
}

function ruleCondition(rule: Rule, around: Surroundings): Condition {
  if (!asksFlags(rule)) return identityCondition(rule, around);
  return every([
    combined(
      rule.type,
      rule.conditions.map((condition) => singleCondition(condition, around)),
    ),
    combined(
      rule.type,
      rule.rules.map((inner) => ruleCondition(inner, around)),
    ),
  ]);
}

function combined(type: string, parts: readonly Condition[]): Condition {
  if (parts.length === 0) return ALWAYS;
  if (type === 'ALL') return every(parts);
  return type === 'ANY' ? anyOf(parts) : { not: anyOf(parts) };
}

function singleCondition({ flag, ...plain }: Asking, around: Surroundings): Condition {
  const answers = flag && around.ask(flag);
  if (answers === undefined) return identityCondition({ type: 'ALL', conditions: [plain], rules: [] }, around);
  if (plain.operator === 'PERCENTAGE_SPLIT')
    return cannotCarry('a segment takes its shares by what another flag serves');
  if ('constant' in answers) return holdsFor(plain, answers.constant) ? ALWAYS : NEVER;
  const accepted = answers.variants.filter(({ value }) => holdsFor(plain, value)).map(({ name }) => name);
  return accepted.length === 0 ? NEVER : { flag: answers.flag, variants: accepted };
}

function identityCondition(rule: Rule, { key, environment }: Surroundings): Condition {
  return importedTest('flagsmith', { environment, segment: { key, rules: [rule as unknown as Json] } }, 'traits');
}

/** Whether what a flag comes to is what a condition asks for. */
function holdsFor(condition: Source, given: Json): boolean {
  const rule = { type: 'ALL', conditions: [{ ...condition, given } as Json], rules: [] };
  const written = { environment: { key: '', name: null }, segment: { key: '', rules: [rule] } };
  return compileImported(['flagsmith', written])({ identifier: '' }, 0);
}
