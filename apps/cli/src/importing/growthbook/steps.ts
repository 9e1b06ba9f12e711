import type { Condition, FlagCondition, Json } from '@spillway/evaluator';
import { cannotCarry } from '../report.ts';
import { listOf, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import { firstOf, type Test } from '../stepwise.ts';
import {
  experimentKey,
  filtersOf,
  namespaceOf,
  rolloutOf,
  type Share,
  stickyOf,
  variationShares,
} from './bucketing.ts';
import { type ConditionSurroundings, conditionOf, holdsFor } from './conditions.ts';
import { MISSING, type Missing } from './payload.ts';

/** What a flag comes to for those for whom all tests hold and no earlier step's did; a cycle is no value, and ends it. */
export interface Step {
  readonly when: readonly Test[];
  /** What other flags have to serve. */
  readonly also?: readonly Condition[];
  readonly gives: { readonly value: Json } | 'cycle';
}

export interface StepSurroundings extends ConditionSurroundings {
  readonly features: Source;
  readonly bandits: Source | Missing;
  /** What another flag has to serve to be what is required of it; undefined where that has to be put in as it is now. */
  readonly ask: (parent: Parent) => FlagCondition | 'never' | undefined;
  /** What may still be put in of other flags. */
  budget: number;
}

const NOTHING: Step = { when: [], gives: { value: null } };
const MAX_STEPS = 2_000;

export function stepBudget(): number {
  return MAX_STEPS;
}

/** In the order of its rules; the last is for all others. Flags that rules require are asked, or put in as they are. */
export function stepsOf(flag: string, around: StepSurroundings, within: readonly string[] = []): readonly Step[] {
  const feature = featureOf(flag, around.features);
  if (feature === undefined) return [NOTHING];
  const steps: Step[] = [];
  for (const rule of rulesOf(feature)) {
    const { steps: before, guards, also } = guarded(rule, around, [...within, flag]);
    const own = guards === 'never' ? [] : servedBy(rule, flag, guards, around);
    const served = also.length === 0 ? own : own.map((each) => ({ ...each, also }));
    steps.push(...before, ...served);
    around.budget -= 1 + before.length + served.length;
    if (around.budget < 0) return cannotCarry('what its rules require of other flags is too much to be put in');
  }
  return [...steps, { when: [], gives: { value: defaultOf(feature) } }];
}

export function featureOf(flag: string, features: Source): Source | undefined {
  return Object.hasOwn(features, flag) ? sourceOf(features[flag], `the flag ${flag}`) : undefined;
}

export function rulesOf(feature: Source): readonly Source[] {
  return feature.rules ? sourcesOf(feature.rules, 'rules') : [];
}

export function defaultOf({ defaultValue }: Source): Json {
  return defaultValue === undefined ? null : (defaultValue as Json);
}

export interface Parent {
  readonly id: string;
  readonly condition: unknown;
  readonly isGate: boolean;
}

export function parentsOf(rule: Source): readonly Parent[] {
  return sourcesOf(rule.parentConditions || [], 'parentConditions').map((parent) => ({
    id: textOf(parent.id, 'the id of a prerequisite'),
    condition: parent.condition || {},
    isGate: Boolean(parent.gate),
  }));
}

interface Guarded {
  readonly steps: readonly Step[];
  readonly guards: readonly Test[] | 'never';
  readonly also: readonly Condition[];
}

/** The flags that a rule requires, one after the other: each may end the evaluation, pass over the rule, or let it be asked. */
function guarded(rule: Source, around: StepSurroundings, within: readonly string[]): Guarded {
  const steps: Step[] = [];
  const guards: Test[] = [];
  const also: Condition[] = [];
  for (const parent of parentsOf(rule)) {
    if (within.includes(parent.id)) {
      steps.push({ when: [...guards], gives: 'cycle' });
      return { steps, guards: 'never', also };
    }
    // What is put in of another flag asks none itself.
    const asked = within.length === 1 ? around.ask(parent) : undefined;
    if (asked !== undefined) {
      const unmet = asked === 'never' ? [] : [{ not: asked }];
      if (parent.isGate) steps.push({ when: [...guards], also: [...also, ...unmet], gives: { value: null } });
      if (asked === 'never') return { steps, guards: 'never', also };
      also.push(asked);
      continue;
    }
    around.notes.add(
      `the flag ${parent.id} that a rule requires is put in as it is now: later changes of it are not followed`,
    );
    const condition = conditionOf(parent.condition, around);
    const answers = stepsOf(parent.id, around, within).map(({ when, gives }) => ({
      when,
      is: gives === 'cycle' ? gives : holdsFor(condition, gives.value) ? ('met' as const) : ('unmet' as const),
    }));
    const asks = (wanted: 'met' | 'unmet' | 'cycle') =>
      firstOf(answers.map(({ when, is }) => ({ when, is: is === wanted })));
    addStep(steps, { guards, also }, asks('cycle'), 'cycle');
    if (parent.isGate) addStep(steps, { guards, also }, asks('unmet'), { value: null });
    const isMet = asks('met');
    if (isMet === false) return { steps, guards: 'never', also };
    if (isMet !== true) guards.push(isMet);
  }
  return { steps, guards, also };
}

interface Reached {
  readonly guards: readonly Test[];
  readonly also: readonly Condition[];
}

function addStep(steps: Step[], { guards, also }: Reached, test: Test | boolean, gives: Step['gives']): void {
  if (test !== false) steps.push({ when: test === true ? [...guards] : [...guards, test], also: [...also], gives });
}

/** What a rule itself serves, apart from the flags that it requires. */
function servedBy(rule: Source, flag: string, guards: readonly Test[], around: StepSurroundings): readonly Step[] {
  const condition = rule.condition ? [{ condition: conditionOf(rule.condition, around) }] : [];
  const about: readonly Share[] = [...guards, ...filtersOf(rule.filters)];
  if ('force' in rule) {
    const share = rolloutOf(rule, flag);
    return step([...about, ...condition, ...(share === undefined ? [] : [share])], rule.force as Json);
  }
  const given = rule.contextualVariations ?? rule.variations;
  if (!given) return [];
  const variations = Array.isArray(given) ? (given as readonly Json[]) : cannotCarry('its variations are not a list');
  const count = variations.length;
  const passes = passedThrough(rule, Math.max(1, count));
  if (count < 2) return [];
  addNotes(rule, around.notes);
  const key = experimentKey(rule, flag);
  const sticky = stickyOf(rule);
  return weightingsOf(rule, around).flatMap(({ when, weights }) =>
    variationShares(rule, count, weights, flag).flatMap((share, index) => {
      const tests = [...condition, ...when, ...namespaceOf(rule), share].map((test) =>
        test === 'never' ? NOBODY : test,
      );
      // An unknown hash keeps everybody out whom nobody forces in.
      const before = sticky === undefined || share === 'never' ? {} : { sticky };
      const assigned = { assigned: { key, count, index, ...before, tests } };
      return passes[index] ? [] : step([...about, assigned], variations[index] ?? null);
    }),
  );
}

const NOBODY: Test = { first: [], otherwise: false };

function step(shares: readonly Share[], value: Json): readonly Step[] {
  const when = shares.filter((share) => share !== 'never');
  return when.length < shares.length ? [] : [{ when, gives: { value } }];
}

/** Variations whose users go on to the next rule. */
function passedThrough({ meta }: Source, count: number): readonly boolean[] {
  if (!meta) return [];
  const entries = sourcesOf(meta, 'the meta of an experiment');
  if (entries.length < count) return cannotCarry('the meta of an experiment does not name every variation');
  return entries.map(({ passthrough }) => Boolean(passthrough));
}

interface Weighting {
  readonly when: readonly Test[];
  readonly weights: unknown;
}

/** A contextual bandit weighs by the first of its contexts that a user is in, and by the rule for all others. */
function weightingsOf(rule: Source, around: StepSurroundings): readonly Weighting[] {
  const plain = { when: [], weights: rule.weights };
  if (!rule.contextualBanditRef) return [plain];
  if (typeof around.bandits === 'string') {
    return cannotCarry(`its contextual bandit is ${MISSING[around.bandits]} the file`);
  }
  const reference = textOf(rule.contextualBanditRef, 'contextualBanditRef');
  if (!Object.hasOwn(around.bandits, reference)) return [plain];
  const { contexts } = sourceOf(around.bandits[reference], 'a contextual bandit');
  const leaves = sourcesOf(contexts, 'the contexts of a bandit').map(({ condition, weights }) => ({
    test: { condition: conditionOf(condition || {}, around) },
    weights,
  }));
  const tests = leaves.map(({ test }) => test);
  const inLeaf = (at: number): Test => ({
    first: tests.slice(0, at + 1).map((test, index) => ({ when: [test], is: index === at })),
    otherwise: at === tests.length,
  });
  return [
    ...leaves.map(({ weights }, at) => ({ when: [inLeaf(at)], weights })),
    { ...plain, when: [inLeaf(tests.length)] },
  ];
}

function addNotes(rule: Source, notes: Set<string>): void {
  if (rule.key)
    notes.add(`its experiment ${rule.key} goes on as shares of users: what is measured of it is not carried`);
  if (rule.bucketVersion || rule.minBucketVersion) {
    notes.add('sticky buckets are those of the context: what is assigned here is not kept for the next time');
  }
  if (listOf(rule.tracks, 'tracks').length > 0) notes.add('what its rules track is not carried');
}
