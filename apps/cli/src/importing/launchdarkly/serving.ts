import type { Condition, Json } from '@spillway/evaluator';
import { allOf, cannotCarry, type ImportedRule } from '../report.ts';
import { numberOf, type Source, sourceOf, sourcesOf } from '../source.ts';
import { clausesOf, imported, listed, placeOf, type Surroundings, seedOf } from './conditions.ts';
import { fitted } from './folding.ts';

export function nameOf(index: number): string {
  return `variation-${index}`;
}

export function variationOf(value: unknown, count: number): number {
  const index = numberOf(value, 'a variation');
  return Number.isInteger(index) && index >= 0 && index < count ? index : cannotCarry(`it has no variation ${index}`);
}

/** In order: individual targets, rules, what all others get. */
export function rulesOf(key: string, source: Source, around: Surroundings): ImportedRule[] {
  const serving = { key, source, around, count: (source.variations as readonly Json[]).length };
  return [
    ...targetsOf(source, serving.count),
    ...sourcesOf(source.rules, 'rules').flatMap((rule) => served(clausesOf(rule.clauses, around), rule, serving)),
    ...served({ all: [] }, sourceOf(source.fallthrough, 'fallthrough'), serving),
  ];
}

function targetsOf(source: Source, count: number): ImportedRule[] {
  const users = sourcesOf(source.targets, 'targets');
  const contexts = sourcesOf(source.contextTargets, 'contextTargets');
  const ordered =
    contexts.length === 0
      ? users
      : contexts.flatMap((target) => (isOfUsers(target) ? sameOf(users, target) : [target]));
  return ordered.map((target) => ({
    when: listed(target.contextKind, target.values),
    serve: { variant: nameOf(variationOf(target.variation, count)) },
  }));
}

function isOfUsers({ contextKind }: Source): boolean {
  return contextKind === undefined || contextKind === null || contextKind === '' || contextKind === 'user';
}

function sameOf(users: readonly Source[], { variation }: Source): Source[] {
  return users.filter((each) => each.variation === variation).slice(0, 1);
}

interface Serving {
  readonly key: string;
  readonly source: Source;
  readonly around: Surroundings;
  readonly count: number;
}

/** A rollout is one rule for each of its parts but the last, each for who stands below its end. */
function served(when: Condition, from: Source, { key, source, around, count }: Serving): ImportedRule[] {
  if (typeof from.variation === 'number') {
    return [{ when: fitted(when, around), serve: { variant: nameOf(variationOf(from.variation, count)) } }];
  }
  const rollout = sourceOf(from.rollout, 'what a rule serves');
  if (rollout.experimentAllocation) return cannotCarry('a list of flags does not say how its experiment is hashed');
  const parts = sourcesOf(rollout.variations, 'the variations of a rollout');
  if (parts.length === 0) return cannotCarry('a rollout has no variations');
  const by = rollout.kind === 'experiment' ? 'key' : rollout.bucketBy || 'key';
  const { kind, path } = placeOf(by, rollout.contextKind, 'a rollout');
  const seed = rollout.seed ? String(Number(rollout.seed)) : seedOf(key, source.salt);
  let below = 0;
  return parts.map((part, index): ImportedRule => {
    below += numberOf(part.weight, 'a weight') / 100_000;
    const share = index === parts.length - 1 ? [] : [imported({ op: 'bucket', kind, path, seed, below })];
    return {
      when: fitted(allOf([when, ...share]), around),
      serve: { variant: nameOf(variationOf(part.variation, count)) },
    };
  });
}
