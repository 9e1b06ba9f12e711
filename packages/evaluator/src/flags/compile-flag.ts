import { broken, problemOf } from '../broken.ts';
import { bucketingText } from '../bucketing/bucket.ts';
import { type BucketingForm, checkBucketing, compileBucketing, overridden } from '../bucketing/bucketing-form.ts';
import { ownContext, readerOf } from '../conditions/attributes.ts';
import { compileCondition, type FindFlag, type FindSegment } from '../conditions/compile-condition.ts';
import type { Test } from '../conditions/operators.ts';
import type { EvaluationContext, Reason } from '../evaluation.ts';
import type { Json } from '../json.ts';
import { noting } from '../segments/compile-segments.ts';
import type { Bucketing, FlagDefinition, FlagType, Target, Variant } from '../snapshot.ts';
import { compileServe, deciding, type Serving } from './compile-serve.ts';
import type { Decide, FlagForm, LiveForm, Outcome, RuleForm, ServeForm, TargetGroup } from './flag-form.ts';
import { INVALID_CONTEXT, MISSING_KEY } from './flag-form.ts';

/** Throws when not even the off variant can be served; any other fault is kept in `live`. */
export function compileFlag(definition: FlagDefinition, findSegment: FindSegment, findFlag: FindFlag): FlagForm {
  const variants = readVariants(definition);
  const outcomes: Outcome[] = [];
  const bucketings: BucketingForm[] = [];
  const off = variantOf(variants, definition.off_variant);
  const disabled = { value: off.value, variant: off.name, reason: 'DISABLED', rule: undefined } as const;
  outcomes.push({ ...disabled, prerequisite: undefined });
  const unmet = (definition.prerequisites ?? NONE).map(
    ({ flag }) => outcomes.push({ ...disabled, prerequisite: flag }) - 1,
  );
  const { find, uses } = noting(findSegment);
  const asked: string[] = [];
  const ask: FindFlag = (key) => {
    asked.push(key);
    return findFlag(key);
  };
  const form = { definition, asked, outcomes, bucketings, unmet };
  try {
    const live = compileLive({ definition, variants, outcomes, bucketings, find, ask });
    return { ...form, uses: uses(), live };
  } catch (error) {
    return { ...form, uses: uses(), live: { problem: problemOf(error) } };
  }
}

const NONE: readonly never[] = [];

type Variants = ReadonlyMap<string, Variant>;

/** What compiling one flag gathers. */
interface Workshop {
  readonly definition: FlagDefinition;
  readonly variants: Variants;
  readonly outcomes: Outcome[];
  readonly bucketings: BucketingForm[];
  readonly find: FindSegment;
  readonly ask: FindFlag;
}

function readVariants({ variants, type }: FlagDefinition): Variants {
  for (const { name, value } of variants) {
    if (!hasType(value, type)) broken(`the variant ${name} is not a ${type}`);
  }
  return new Map(variants.map((variant) => [variant.name, variant]));
}

function hasType(value: Json, type: FlagType): boolean {
  return type === 'json' || typeof value === type;
}

function variantOf(variants: Variants, name: string): Variant {
  return variants.get(name) ?? broken(`the variant ${name} is not defined`);
}

function compileLive(workshop: Workshop): LiveForm {
  const { definition, find, ask } = workshop;
  const { bucketing, prerequisites = [] } = definition;
  const targets = compileTargets(workshop);
  const ofFlag = newBucketing(workshop, bucketing);
  const rules = definition.rules.map(({ id, when, serve, bucketing: change }): RuleForm => {
    const own = change === undefined ? ofFlag : newBucketing(workshop, overridden(bucketing, change));
    const serving = servingOf(workshop, own, 'TARGETING_MATCH', id);
    return { id, when: compileCondition(when, find, ask), serve: compileServe(serve, serving) };
  });
  const nothingToAsk = rules.length === 0 && targets.length === 0;
  const plain = nothingToAsk && prerequisites.length === 0 ? 'STATIC' : 'DEFAULT';
  const serving = servingOf(workshop, ofFlag, plain, undefined);
  const fallthrough = compileServe(definition.fallthrough, serving);
  const constant = nothingToAsk && fallthrough.is === 'fixed' ? fallthrough.outcome : undefined;
  return { targets, rules, fallthrough, decide: decidingFlag(targets, rules, fallthrough), constant };
}

/** A bucketing that is compiled when something is split by it; that it can be is checked at once. */
function newBucketing({ bucketings }: Workshop, source: Bucketing): Serving['bucketing'] {
  checkBucketing(source);
  let numbered: ReturnType<Serving['bucketing']> | undefined;
  return () => {
    if (numbered === undefined) {
      const bucketing = compileBucketing(source);
      numbered = { bucketing, missing: MISSING_KEY - (bucketings.push(bucketing) - 1) };
    }
    return numbered;
  };
}

function servingOf(
  { definition, variants, outcomes }: Workshop,
  bucketing: Serving['bucketing'],
  reason: Reason,
  rule: string | undefined,
): Serving {
  const add = (value: Json, variant: string | undefined, because: Reason) =>
    outcomes.push({ value, variant, reason: because, rule, prerequisite: undefined }) - 1;
  return {
    bucketing,
    fixed: (name) => add(variantOf(variants, name).value, name, reason),
    split: (name) => add(variantOf(variants, name).value, name, 'SPLIT'),
    value: (value) => {
      if (!hasType(value, definition.type)) return broken(`a value that is served is not a ${definition.type}`);
      return add(value, undefined, reason);
    },
  };
}

function compileTargets({ definition, variants, outcomes }: Workshop): readonly TargetGroup[] {
  const groups = new Map<string, { source: Target; entries: Map<string, { order: number; outcome: number }> }>();
  for (const [order, target] of definition.targets.entries()) {
    const { value, name } = variantOf(variants, target.variant);
    const because = { reason: 'TARGETING_MATCH', rule: undefined, prerequisite: undefined } as const;
    const outcome = outcomes.push({ value, variant: name, ...because }) - 1;
    const place = JSON.stringify([target.by ?? 'targetingKey', ...(target.path ?? [])]);
    const group = groups.get(place) ?? { source: target, entries: new Map() };
    for (const key of target.keys) if (!group.entries.has(key)) group.entries.set(key, { order, outcome });
    if (group.entries.size > 0) groups.set(place, group);
  }
  return [...groups.values()].map(({ source, entries }) => {
    return { source, read: readerOf(source.by ?? 'targetingKey', source.path), entries };
  });
}

/** Looks at the context once, at the outermost place, so that asking takes one call less. */
function decidingFlag(targets: readonly TargetGroup[], rules: readonly RuleForm[], fallthrough: ServeForm): Decide {
  if (targets.length > 0) return decidingTargets(targets, decidingRules(rules, fallthrough));
  if (rules.length > 0) return decidingRules(rules, fallthrough);
  // What is fixed is only reached below switches or prerequisites, which have looked at the context.
  return fallthrough.is === 'fixed' ? deciding(fallthrough) : decidingPlainly(deciding(fallthrough));
}

function decidingPlainly(otherwise: Decide): Decide {
  return (given, now) => {
    const context = ownContext(given);
    return context === undefined ? INVALID_CONTEXT : otherwise(context, now);
  };
}

function decidingTargets(targets: readonly TargetGroup[], otherwise: Decide): Decide {
  const [only] = targets;
  if (targets.length > 1 || only === undefined) {
    return (given, now) => {
      const context = ownContext(given);
      if (context === undefined) return INVALID_CONTEXT;
      return targetOf(targets, context)?.outcome ?? otherwise(context, now);
    };
  }
  const { read, entries } = only;
  return (given, now) => {
    const context = ownContext(given);
    if (context === undefined) return INVALID_CONTEXT;
    const key = bucketingText(read(context));
    const entry = key === undefined ? undefined : entries.get(key);
    return entry === undefined ? otherwise(context, now) : entry.outcome;
  };
}

export interface FoundTarget {
  readonly order: number;
  readonly outcome: number;
  readonly key: string;
  readonly group: TargetGroup;
}

/** The first target in the flag's list that lists one of the context's subjects. */
export function targetOf(targets: readonly TargetGroup[], context: EvaluationContext): FoundTarget | undefined {
  let found: FoundTarget | undefined;
  for (const group of targets) {
    const key = bucketingText(group.read(context));
    const entry = key === undefined ? undefined : group.entries.get(key);
    if (entry === undefined || key === undefined) continue;
    if (found === undefined || entry.order < found.order) found = { ...entry, key, group };
  }
  return found;
}

/** An outcome that is not fixed: it takes a call to decide. */
const OPEN = -1_000_000;

function decidingRules(rules: readonly RuleForm[], fallthrough: ServeForm): Decide {
  const [only] = rules;
  if (rules.length === 1 && only?.serve.is === 'fixed' && fallthrough.is === 'fixed') {
    return decidingOneRule(only.when.test, only.serve.outcome, fallthrough.outcome);
  }
  const firstOf = firstHolding(rules.map((rule) => rule.when.test));
  const serves = [...rules.map(({ serve }) => serve), fallthrough];
  const outcomes = serves.map(fixedOutcome);
  const open = serves.map((serve) => (serve.is === 'fixed' ? undefined : deciding(serve)));
  const otherwise = deciding(fallthrough);
  return (given, now) => {
    const context = ownContext(given);
    if (context === undefined) return INVALID_CONTEXT;
    const rule = firstOf(context, now);
    const outcome = outcomes[rule] ?? OPEN;
    return outcome === OPEN ? (open[rule] ?? otherwise)(context, now) : outcome;
  };
}

/** One thing for some and another for the rest, as most flags with a rule have it: nothing is looked up in lists. */
function decidingOneRule(test: Test, held: number, otherwise: number): Decide {
  return (given, now) => {
    const context = ownContext(given);
    if (context === undefined) return INVALID_CONTEXT;
    return test(context, now) ? held : otherwise;
  };
}

/**
 * Which test is the first to hold; how many there are, when none does. Written out for the usual numbers, so that an engine
 * learns for each place in the list what is asked there, and need not call it.
 */
function firstHolding(tests: readonly Test[]): (context: EvaluationContext, now: number) => number {
  const [first = nobody, second = nobody, third = nobody, fourth = nobody, fifth = nobody] = tests;
  switch (tests.length) {
    case 1:
      return (context, now) => (first(context, now) ? 0 : 1);
    case 2:
      return (context, now) => (first(context, now) ? 0 : second(context, now) ? 1 : 2);
    case 3:
      return (context, now) => (first(context, now) ? 0 : second(context, now) ? 1 : third(context, now) ? 2 : 3);
    case 4:
      return (context, now) =>
        first(context, now) ? 0 : second(context, now) ? 1 : third(context, now) ? 2 : fourth(context, now) ? 3 : 4;
    case 5:
      return (context, now) => {
        if (first(context, now)) return 0;
        if (second(context, now)) return 1;
        if (third(context, now)) return 2;
        return fourth(context, now) ? 3 : fifth(context, now) ? 4 : 5;
      };
    default:
      return (context, now) => {
        let index = 0;
        while (index < tests.length && tests[index]?.(context, now) !== true) index += 1;
        return index;
      };
  }
}

const nobody: Test = () => false;

function fixedOutcome(serve: ServeForm): number {
  return serve.is === 'fixed' ? serve.outcome : OPEN;
}
