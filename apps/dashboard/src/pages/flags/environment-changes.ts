import type { Json } from '@spillway/evaluator';
import { describeCondition } from '../../conditions/describe-condition.ts';
import type { FlagEnvironment, FlagRule } from '../../documents.ts';
import { sameJson } from '../../ui/json-difference.ts';
import { describeServe } from './describe.ts';

/** One line of a review: what it is, what it was, what it becomes. An absent side did not or will not exist. */
export interface NamedChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

const FIELDS = ['enabled', 'off_variant', 'targets', 'rules', 'fallthrough', 'bucketing'] as const;
export type EnvironmentField = (typeof FIELDS)[number];

export const FIELD_NAMES: Readonly<Record<EnvironmentField, string>> = {
  enabled: 'State',
  off_variant: 'When off',
  targets: 'Individual targets',
  rules: 'Rules',
  fallthrough: 'Everyone else',
  bucketing: 'Bucketing',
};

export function changedFields(before: FlagEnvironment, after: FlagEnvironment): readonly EnvironmentField[] {
  return FIELDS.filter((field) => !sameJson(before[field] as Json, after[field] as Json));
}

/** Only what differs, as the request that makes it so: what is left out stays. */
export function patchOf(before: FlagEnvironment, after: FlagEnvironment): Partial<FlagEnvironment> {
  return Object.fromEntries(changedFields(before, after).map((field) => [field, after[field]]));
}

/** My draft, made on `base`, put on top of what someone else saved: fields I did not touch are theirs. */
export function rebase(base: FlagEnvironment, draft: FlagEnvironment, current: FlagEnvironment): FlagEnvironment {
  return { ...current, ...patchOf(base, draft) };
}

/** Fields that both changed, to different things. */
export function collisions(
  base: FlagEnvironment,
  draft: FlagEnvironment,
  current: FlagEnvironment,
): readonly EnvironmentField[] {
  const theirs = new Set(changedFields(base, current));
  return changedFields(base, draft).filter(
    (field) => theirs.has(field) && !sameJson(draft[field] as Json, current[field] as Json),
  );
}

/** The difference in words, in the order in which an evaluation looks at it. */
export function environmentChanges(before: FlagEnvironment, after: FlagEnvironment): readonly NamedChange[] {
  const changes: NamedChange[] = [];
  const plain = (name: string, was: string, is: string) => {
    if (was !== is) changes.push({ name, before: was, after: is });
  };
  plain('State', before.enabled ? 'on' : 'off', after.enabled ? 'on' : 'off');
  plain('When off, everyone gets', before.off_variant, after.off_variant);
  changes.push(...targetChanges(before, after), ...ruleChanges(before.rules, after.rules));
  plain('Everyone else gets', describeServe(before.fallthrough), describeServe(after.fallthrough));
  plain('Bucketed by', before.bucketing.by, after.bucketing.by);
  plain('Bucketing seed', before.bucketing.seed, after.bucketing.seed);
  return changes;
}

function targetChanges(before: FlagEnvironment, after: FlagEnvironment): readonly NamedChange[] {
  const keysOf = (state: FlagEnvironment, variant: string) =>
    state.targets.filter((target) => target.variant === variant).flatMap((target) => target.keys);
  const variants = new Set([...before.targets, ...after.targets].map((target) => target.variant));
  return [...variants].flatMap((variant) => {
    const was = keysOf(before, variant).join(', ');
    const is = keysOf(after, variant).join(', ');
    if (was === is) return [];
    return [{ name: `Always ${variant}`, ...(was === '' ? {} : { before: was }), ...(is === '' ? {} : { after: is }) }];
  });
}

function ruleChanges(before: readonly FlagRule[], after: readonly FlagRule[]): readonly NamedChange[] {
  const was = new Map(before.map((rule) => [rule.id, rule]));
  const is = new Map(after.map((rule) => [rule.id, rule]));
  const changes: NamedChange[] = [];
  for (const rule of before) {
    if (!is.has(rule.id)) changes.push({ name: `Rule ${rule.id} removed`, before: describeRule(rule) });
  }
  for (const [index, rule] of after.entries()) {
    const previous = was.get(rule.id);
    if (previous === undefined) {
      changes.push({ name: `Rule ${rule.id} added at place ${index + 1}`, after: describeRule(rule) });
    } else if (!sameJson(previous as unknown as Json, rule as unknown as Json)) {
      changes.push({ name: `Rule ${rule.id}`, before: describeRule(previous), after: describeRule(rule) });
    }
  }
  const kept = (rules: readonly FlagRule[], other: ReadonlyMap<string, FlagRule>) =>
    rules
      .filter((rule) => other.has(rule.id))
      .map((rule) => rule.id)
      .join(' → ');
  const orderBefore = kept(before, is);
  const orderAfter = kept(after, was);
  if (orderBefore !== orderAfter) changes.push({ name: 'Order of rules', before: orderBefore, after: orderAfter });
  return changes;
}

function describeRule(rule: FlagRule): string {
  const named = rule.description === undefined || rule.description === '' ? '' : `${rule.description}: `;
  return `${named}if ${describeCondition(rule.when)}, serve ${describeServe(rule.serve)}`;
}
