import { problemOf } from './broken.ts';
import { ownContext } from './conditions/attributes.ts';
import type { FindFlag } from './conditions/compile-condition.ts';
import type { Binder, BoundFlag, BoundPrerequisite } from './configuration.ts';
import type { EvaluationContext } from './evaluation.ts';
import { makeAnswer } from './flags/answers.ts';
import { compileFlag } from './flags/compile-flag.ts';
import { BROKEN, type Decide, type FlagForm, INVALID_CONTEXT, OFF } from './flags/flag-form.ts';
import { isTimeless } from './flags/timeless.ts';
import { isSame } from './same.ts';
import { areCurrent, type CompiledSegments } from './segments/compile-segments.ts';
import type { FlagDefinition } from './snapshot.ts';
import type { Guard, Overlay } from './switches/overlay.ts';

/** What the flags of one configuration are prepared with. */
export interface Surroundings {
  readonly segments: CompiledSegments;
  readonly overlay: Overlay;
  readonly flags: ReadonlyMap<string, BoundFlag>;
  readonly faults: () => ReadonlyMap<string, string>;
}

export function createBinder(around: Surroundings): Binder {
  return { prepare: (flag) => prepare(flag, around) };
}

/** The flag, ready to be asked. */
export function prepared(flag: BoundFlag): BoundFlag {
  if (flag.decide === undefined) flag.binder.prepare(flag);
  return flag;
}

function prepare(flag: BoundFlag, around: Surroundings): void {
  const { definition } = flag;
  const compiled = formOf(definition, flag.form, around);
  flag.form = undefined;
  if ('problem' in compiled) {
    flag.problem = compiled.problem;
    flag.decide = () => BROKEN;
    return;
  }
  const { outcomes, live } = compiled;
  const guards = definition.enabled ? around.overlay(definition) : flag.guards;
  const [first] = guards;
  flag.form = compiled;
  flag.guards = guards;
  flag.problem = 'problem' in live ? live.problem : undefined;
  const { prerequisites = [] } = definition;
  if (prerequisites.length > 0 || compiled.asked.length > 0) flag.problem ??= around.faults().get(flag.key);
  if (prerequisites.length > 0) {
    flag.prerequisites = prerequisites.map((source): BoundPrerequisite => {
      return { source, flag: around.flags.get(source.flag), accepts: new Set(source.variants) };
    });
  }
  if (!definition.enabled) settle(flag, OFF);
  else if (first !== undefined && first.covers === undefined) settle(flag, outcomes.length);
  else decideLive(flag, compiled);
  if (flag.always === undefined) flag.answers = new Array(outcomes.length + guards.length).fill(undefined);
}

function decideLive(flag: BoundFlag, { live, outcomes, unmet }: FlagForm): void {
  const { guards, prerequisites } = flag;
  if ('problem' in live || flag.problem !== undefined) {
    flag.decide = guards.length === 0 ? () => BROKEN : fromOutside(guarded(guards, outcomes.length, () => BROKEN));
    return;
  }
  if (guards.length === 0 && prerequisites.length === 0 && live.constant !== undefined) {
    settle(flag, live.constant);
    return;
  }
  flag.timeless = guards.length === 0 && prerequisites.length === 0 && isTimeless(live);
  const required = prerequisites.length === 0 ? live.decide : requiring(prerequisites, unmet, live.decide);
  if (guards.length > 0) flag.decide = fromOutside(guarded(guards, outcomes.length, required));
  else flag.decide = prerequisites.length > 0 ? fromOutside(required) : live.decide;
}

function settle(flag: BoundFlag, decision: number): void {
  flag.decide = settled;
  flag.always = makeAnswer(flag, decision);
}

/** In the place of a decision that is not asked for, because `always` answers. */
const settled: Decide = () => OFF;

function fromOutside(decide: Decide): Decide {
  return (given, now) => {
    const context = ownContext(given);
    return context === undefined ? INVALID_CONTEXT : decide(context, now);
  };
}

function guarded(guards: readonly Guard[], firstDecision: number, decide: Decide): Decide {
  return (context, now) => {
    const covering = coveringGuard(guards, context, now);
    return covering === -1 ? decide(context, now) : firstDecision + covering;
  };
}

/** Where the first switch that covers the context stands; -1 for none. */
export function coveringGuard(guards: readonly Guard[], context: EvaluationContext, now: number): number {
  for (const [index, { covers }] of guards.entries()) {
    if (covers === undefined || covers(context, now)) return index;
  }
  return -1;
}

function requiring(prerequisites: readonly BoundPrerequisite[], unmet: readonly number[], decide: Decide): Decide {
  return (context, now) => {
    for (let index = 0; index < prerequisites.length; index += 1) {
      const prerequisite = prerequisites[index];
      if (prerequisite === undefined || !isMet(prerequisite, context, now)) return unmet[index] ?? OFF;
    }
    return decide(context, now);
  };
}

function isMet({ flag, accepts }: BoundPrerequisite, context: EvaluationContext, now: number): boolean {
  const variant = flag && variantServed(flag, context, now);
  return variant !== undefined && accepts.has(variant);
}

/** Undefined for a flag in error, and for a value that is none of its variants. */
function variantServed(flag: BoundFlag, context: EvaluationContext, now: number): string | undefined {
  const { always, decide = settled } = prepared(flag);
  if (always !== undefined) return always.variant;
  const decision = decide(context, now);
  const outcomes = flag.form?.outcomes ?? [];
  // Beyond the outcomes are kill switches, which serve what is served when off.
  return outcomes[decision < outcomes.length ? decision : OFF]?.variant;
}

type Compiled = FlagForm | { readonly problem: string };

function formOf(definition: FlagDefinition, before: FlagForm | undefined, around: Surroundings): Compiled {
  const { segments, flags } = around;
  try {
    if (before !== undefined && isReusable(before, definition, segments)) return before;
  } catch {
    // A segment it used is broken now: compiling it anew says so.
  }
  try {
    return compileFlag(definition, segments.find, findIn(flags));
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function findIn(flags: Surroundings['flags']): FindFlag {
  return (key) => {
    const flag = flags.get(key);
    return (context, now) => flag && variantServed(flag, context, now);
  };
}

/** One that asks other flags asks those of its configuration. A form with a problem is not either: what it rests on may have been mended. */
function isReusable(form: FlagForm, definition: FlagDefinition, { find }: CompiledSegments): boolean {
  return (
    !('problem' in form.live) &&
    form.asked.length === 0 &&
    isSame(form.definition, definition) &&
    areCurrent(form.uses, find)
  );
}
