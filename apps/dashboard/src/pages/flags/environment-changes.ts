import type { Json } from '@spillway/evaluator';
import { formatAttribute } from '../../conditions/attribute-path.ts';
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

const FIELDS = ['enabled', 'off_variant', 'prerequisites', 'targets', 'rules', 'fallthrough', 'bucketing'] as const;
export type EnvironmentField = (typeof FIELDS)[number];

export const FIELD_NAMES: Readonly<Record<EnvironmentField, string>> = {
  enabled: 'State',
  off_variant: 'When off',
  prerequisites: 'Prerequisites',
  targets: 'Individual targets',
  rules: 'Rules',
  fallthrough: 'Everyone else',
  bucketing: 'Bucketing',
};

export function changedFields(before: FlagEnvironment, after: FlagEnvironment): readonly EnvironmentField[] {
  return FIELDS.filter((field) => !sameJson(fieldOf(before, field), fieldOf(after, field)));
}

/** Having no prerequisites is saying none: what is left out of a request stays. */
function fieldOf(state: FlagEnvironment, field: EnvironmentField): Json {
  return (state[field] ?? []) as Json;
}

/** Only what differs, as the request that makes it so: what is left out stays. */
export function patchOf(before: FlagEnvironment, after: FlagEnvironment): Partial<FlagEnvironment> {
  return Object.fromEntries(changedFields(before, after).map((field) => [field, fieldOf(after, field)]));
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
    (field) => theirs.has(field) && !sameJson(fieldOf(draft, field), fieldOf(current, field)),
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
  plain('Needs first', prerequisitesText(before), prerequisitesText(after));
  changes.push(...targetChanges(before, after), ...ruleChanges(before.rules, after.rules));
  plain('Everyone else gets', describeServe(before.fallthrough), describeServe(after.fallthrough));
  plain('Bucketed by', placeText(before.bucketing), placeText(after.bucketing));
  plain('Bucketing seed', before.bucketing.seed, after.bucketing.seed);
  return changes;
}

function prerequisitesText({ prerequisites = [] }: FlagEnvironment): string {
  if (prerequisites.length === 0) return 'nothing';
  return prerequisites.map(({ flag, variants }) => `${flag} serves ${variants.join(' or ')}`).join(', ');
}

function placeText({ by = 'targetingKey', path = [] }: { by?: string; path?: readonly string[] }): string {
  return formatAttribute({ attribute: by, path });
}

/** People added and taken out, by what they get; a list of thousands is not repeated for one of them. */
function targetChanges(before: FlagEnvironment, after: FlagEnvironment): readonly NamedChange[] {
  const named = ({ targets }: FlagEnvironment) => {
    const groups = new Map<string, Set<string>>();
    for (const target of targets) {
      const place = placeText(target);
      const name = `Always ${target.variant}${place === 'targetingKey' ? '' : ` by ${place}`}`;
      groups.set(name, (groups.get(name) ?? new Set()).union(new Set(target.keys)));
    }
    return groups;
  };
  const [was, is] = [named(before), named(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [old = new Set<string>(), now = new Set<string>()] = [was.get(name), is.get(name)];
    const [gone, come] = [[...old.difference(now)], [...now.difference(old)]];
    if (gone.length === 0 && come.length === 0) return [];
    return [
      {
        name,
        ...(gone.length === 0 ? {} : { before: listed(gone) }),
        ...(come.length === 0 ? {} : { after: listed(come) }),
      },
    ];
  });
}

const MAX_LISTED = 20;

function listed(keys: readonly string[]): string {
  const more = keys.length > MAX_LISTED ? ` and ${keys.length - MAX_LISTED} more` : '';
  return keys.slice(0, MAX_LISTED).join(', ') + more;
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
  const { by, path, seed } = rule.bucketing ?? {};
  const place = by === undefined ? '' : `, bucketed by ${placeText({ by, path: path ?? [] })}`;
  const seeded = seed === undefined ? '' : `, seed ${seed}`;
  return `${named}if ${describeCondition(rule.when)}, serve ${describeServe(rule.serve)}${place}${seeded}`;
}
