import type { Json, SplitPart } from '@spillway/evaluator';
import { isSameJson } from '@spillway/evaluator/canonical';
import type { FlagEnvironment, FlagRule, FlagServe } from '../flags/flag.ts';
import { formatAttribute } from './attributes.ts';
import { describeCondition } from './conditions.ts';
import { chosenId, ruleName } from './rule-name.ts';
import { describeServe, formatPercentage } from './serves.ts';

/** One line of a review: what it is, what it was, what it becomes. An absent side did not or will not exist. */
export interface NamedChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** A change that can be told in a sentence. */
export interface Deed extends NamedChange {
  /** What was done, where the name and its two sides would not say it in a sentence. */
  readonly deed?: string;
}

/** The difference in words, in the order in which an evaluation looks at it. */
export function environmentChanges(before: FlagEnvironment, after: FlagEnvironment): readonly NamedChange[] {
  return environmentDeeds(before, after).map(({ deed: _, ...change }) => change);
}

/** The same with what is needed to tell it. */
export function environmentDeeds(before: FlagEnvironment, after: FlagEnvironment): readonly Deed[] {
  const changes: Deed[] = [];
  const plain = (name: string, was: string, is: string) => {
    if (was !== is) changes.push({ name, before: was, after: is });
  };
  if (before.enabled !== after.enabled) {
    const [was, is] = after.enabled ? ['off', 'on'] : ['on', 'off'];
    changes.push({ name: 'State', before: was, after: is, deed: `turned ${is}` });
  }
  plain('When off, everyone gets', before.off_variant, after.off_variant);
  plain('Needs first', prerequisitesText(before), prerequisitesText(after));
  changes.push(...targetChanges(before, after), ...ruleChanges(before.rules, after.rules));
  const [was, is] = [describeServe(before.fallthrough), describeServe(after.fallthrough)];
  if (was !== is) {
    changes.push({
      name: 'Everyone else gets',
      before: was,
      after: is,
      ...rolledOut(before.fallthrough, after.fallthrough),
    });
  }
  plain('Bucketed by', placeText(before.bucketing), placeText(after.bucketing));
  plain('Bucketing seed', before.bucketing.seed, after.bucketing.seed);
  return changes;
}

/** Of two variants, it is enough to say the share of one. */
function rolledOut(before: FlagServe, after: FlagServe): Pick<Deed, 'deed'> {
  const [was, is] = [shareIn(before), shareIn(after)];
  if (was === undefined || is === undefined || was.variant !== is.variant) return {};
  return { deed: `rollout of ${is.variant} ${formatPercentage(was.percentage)} → ${formatPercentage(is.percentage)}` };
}

function shareIn(serve: FlagServe): SplitPart | undefined {
  return 'split' in serve && serve.split.length === 2 ? serve.split[0] : undefined;
}

function prerequisitesText({ prerequisites = [] }: FlagEnvironment): string {
  if (prerequisites.length === 0) return 'nothing';
  return prerequisites.map(({ flag, variants }) => `${flag} serves ${variants.join(' or ')}`).join(', ');
}

function placeText({ by = 'targetingKey', path = [] }: { by?: string; path?: readonly string[] }): string {
  return formatAttribute({ attribute: by, path });
}

/** People added and taken out, by what they get; a list of thousands is not repeated for one of them. */
function targetChanges(before: FlagEnvironment, after: FlagEnvironment): readonly Deed[] {
  const named = ({ targets }: FlagEnvironment) => {
    const groups = new Map<string, Set<string>>();
    for (const target of targets) {
      const place = placeText(target);
      const name = `Always ${target.variant}${place === 'targetingKey' ? '' : ` by ${place}`}`;
      groups.set(name, new Set([...(groups.get(name) ?? []), ...target.keys]));
    }
    return groups;
  };
  const [was, is] = [named(before), named(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [old = new Set<string>(), now = new Set<string>()] = [was.get(name), is.get(name)];
    const gone = [...old].filter((key) => !now.has(key));
    const come = [...now].filter((key) => !old.has(key));
    if (gone.length === 0 && come.length === 0) return [];
    return [
      {
        name,
        ...(gone.length === 0 ? {} : { before: listed(gone) }),
        ...(come.length === 0 ? {} : { after: listed(come) }),
        deed: `${name.charAt(0).toLowerCase()}${name.slice(1)}: ${numbered(come, 'added')}${come.length > 0 && gone.length > 0 ? ', ' : ''}${numbered(gone, 'removed')}`,
      },
    ];
  });
}

function numbered(keys: readonly string[], what: string): string {
  return keys.length === 0 ? '' : `${keys.length} ${what}`;
}

const MAX_LISTED = 20;

function listed(keys: readonly string[]): string {
  const more = keys.length > MAX_LISTED ? ` and ${keys.length - MAX_LISTED} more` : '';
  return keys.slice(0, MAX_LISTED).join(', ') + more;
}

function ruleChanges(before: readonly FlagRule[], after: readonly FlagRule[]): readonly Deed[] {
  const was = new Map(before.map((rule) => [rule.id, rule]));
  const is = new Map(after.map((rule) => [rule.id, rule]));
  const changes: Deed[] = [];
  for (const [index, rule] of before.entries()) {
    if (is.has(rule.id)) continue;
    const deed = `${calledInSentence(rule, index + 1)} removed`;
    changes.push({ name: `Rule ${rule.id} removed`, before: describeRule(rule), deed });
  }
  for (const [index, rule] of after.entries()) {
    const previous = was.get(rule.id);
    if (previous === undefined) {
      const deed = `${calledInSentence(rule, index + 1)} added`;
      changes.push({ name: `Rule ${rule.id} added at place ${index + 1}`, after: describeRule(rule), deed });
    } else if (!isSameJson(previous as unknown as Json, rule as unknown as Json)) {
      const deed = `${calledInSentence(rule, index + 1)} changed`;
      changes.push({ name: `Rule ${rule.id}`, before: describeRule(previous), after: describeRule(rule), deed });
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

/** `rule beta users`, `rule 2`. */
function calledInSentence(rule: FlagRule, place: number): string {
  const name = ruleName(rule, place);
  return name === ruleName({ id: rule.id }, place) && chosenId(rule.id) === undefined
    ? `rule ${place}`
    : `rule ${name}`;
}

function describeRule(rule: FlagRule): string {
  const named = rule.description === undefined || rule.description === '' ? '' : `${rule.description}: `;
  const { by, path, seed } = rule.bucketing ?? {};
  const place = by === undefined ? '' : `, bucketed by ${placeText({ by, path: path ?? [] })}`;
  const seeded = seed === undefined ? '' : `, seed ${seed}`;
  return `${named}if ${describeCondition(rule.when)}, serve ${describeServe(rule.serve)}${place}${seeded}`;
}
