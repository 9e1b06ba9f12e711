import type { FlagCondition, Json, Prerequisite } from '@spillway/evaluator';
import { CannotCarry, spillwayKey } from '../report.ts';
import type { Source } from '../source.ts';
import { conditionOf, holdsFor } from './conditions.ts';
import type { Requirements, TranslatedFlag } from './flags.ts';
import type { Payload } from './payload.ts';
import { defaultOf, featureOf, type Parent, parentsOf, rulesOf } from './steps.ts';

type Translate = (key: string) => TranslatedFlag;

/**
 * What a flag requires before any rule is asked, as prerequisites that follow the other flags from now on: gates that
 * stand before all else, or what every rule requires. All other requirements stay in the rules.
 */
export function requirementsOf(key: string, payload: Payload, translate: Translate): Requirements {
  const feature = featureOf(key, payload.features);
  const none = { feature, prerequisites: [], off: feature === undefined ? null : defaultOf(feature) };
  if (feature === undefined || isCircular(key, payload.features)) return none;
  const rules = rulesOf(feature);
  const shared = sharedParents(rules);
  if (shared.length > 0) {
    const prerequisites = prerequisitesFor(shared, payload, translate);
    const rest = rules.map(withoutParents);
    return prerequisites === undefined ? none : { ...none, feature: { ...feature, rules: rest }, prerequisites };
  }
  const gates = leadingGates(rules);
  const prerequisites = prerequisitesFor(gates.parents, payload, translate);
  if (gates.parents.length === 0 || prerequisites === undefined) return none;
  const rest = rules.map((rule, index) => (index < gates.rules ? withoutParents(rule) : rule));
  return { feature: { ...feature, rules: rest }, prerequisites, off: null };
}

/**
 * How rules ask what they require of others; undefined for what prerequisites could not say either, and has to be put in.
 * What leads back ends GrowthBook's evaluation, with null, so that nothing is asked where anything does.
 */
export function askingIn(
  key: string,
  payload: Payload,
  translate: Translate,
): (parent: Parent) => FlagCondition | 'never' | undefined {
  const leadsBack = isCircular(key, payload.features);
  return ({ id, condition }) => {
    if (leadsBack || !Object.hasOwn(payload.features, id) || isAmbiguous(id, payload.features)) return undefined;
    const accepted = acceptedVariants(id, conditionOf(condition, { ...payload, notes: new Set() }), translate);
    if (accepted === undefined) return undefined;
    return accepted.length === 0 ? 'never' : { flag: spillwayKey(id), variants: accepted };
  };
}

function withoutParents({ parentConditions: _, ...rule }: Source): Source {
  return rule;
}

function sharedParents(rules: readonly Source[]): readonly Parent[] {
  const [first = []] = rules.map(parentsOf);
  const text = JSON.stringify(first);
  const isShared = rules.every((rule) => JSON.stringify(parentsOf(rule)) === text);
  return isShared && !first.some(({ isGate }) => isGate) ? first : [];
}

/** Of the first rules, as long as nothing was served before. */
function leadingGates(rules: readonly Source[]): { readonly parents: readonly Parent[]; readonly rules: number } {
  const parents: Parent[] = [];
  let count = 0;
  for (const rule of rules) {
    const own = parentsOf(rule);
    if (own.length === 0 || !own.every(({ isGate }) => isGate)) break;
    parents.push(...own);
    count += 1;
    if ('force' in rule || rule.variations || rule.contextualVariations) break;
  }
  return { parents, rules: count };
}

/** Undefined where prerequisites cannot say it: a cycle, a flag that is not carried, or what no value meets. */
function prerequisitesFor(
  parents: readonly Parent[],
  payload: Payload,
  translate: Translate,
): readonly Prerequisite[] | undefined {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { id, condition } of parents) {
    if (!Object.hasOwn(payload.features, id) || isAmbiguous(id, payload.features)) return undefined;
    const accepted = acceptedVariants(id, conditionOf(condition, { ...payload, notes: new Set() }), translate);
    if (accepted === undefined) return undefined;
    const both = new Set(accepted.filter((name) => found.get(id)?.has(name) ?? true));
    if (both.size === 0) return undefined;
    found.set(id, both);
  }
  return [...found].map(([id, variants]) => ({ flag: spillwayKey(id), variants: [...variants] }));
}

function acceptedVariants(id: string, condition: Json, translate: Translate): readonly string[] | undefined {
  try {
    spillwayKey(id);
    const { variants } = translate(id).flag;
    return variants.filter(({ value }) => holdsFor(condition, value)).map(({ name }) => name);
  } catch (error) {
    if (error instanceof CannotCarry) return undefined;
    throw error;
  }
}

/** Whether what a flag requires leads back to itself anywhere. */
function isCircular(key: string, features: Source, within: readonly string[] = [], seen = new Set<string>()): boolean {
  if (within.includes(key)) return true;
  if (seen.has(key)) return false;
  seen.add(key);
  const feature = featureOf(key, features);
  const parents = feature === undefined ? [] : rulesOf(feature).flatMap(parentsOf);
  return parents.some(({ id }) => isCircular(id, features, [...within, key], seen));
}

/** Whether another flag would be called the same here. */
function isAmbiguous(key: string, features: Source): boolean {
  return Object.keys(features).some((other) => other !== key && other.toLowerCase() === key.toLowerCase());
}
