import type { Json } from '@spillway/evaluator';
import { describedBy } from '../description.ts';
import { CannotCarry, cannotCarry, gather, type Imported, type ImportedRule, type ImportedState } from '../report.ts';
import { createSegmentShelf, type SegmentShelf } from '../segments.ts';
import { isSource, type Source, sourceOf } from '../source.ts';
import { typeOf } from '../variants.ts';
import { surroundingsOf, unknownOperatorsIn } from './conditions.ts';
import { type Environment, environmentsIn, isLive, isOn } from './payload.ts';
import { type OffName, requiredBy } from './prerequisites.ts';
import { nameOf, rulesOf, variationOf } from './serving.ts';

/** Definitions of one environment as `environmentsIn` reads them, or of several. */
export function importLaunchDarkly(file: unknown): Imported | undefined {
  const environments = environmentsIn(file);
  if (environments === undefined) return undefined;
  const keys = new Set(environments.flatMap(({ flags }) => Object.keys(flags).filter((key) => isThere(flags[key]))));
  const offName: OffName = environments.length === 1 ? () => OFF : (index) => `${OFF}-${index}`;
  const shelf = createSegmentShelf();
  return gather([...keys], (key) => translate(key, { environments, shelf }, offName), shelf.segments);
}

const OFF = 'off';

/** What is no object is for its flag to refuse. */
function isThere(flag: unknown): boolean {
  return !isSource(flag) || isLive(flag);
}

interface Listing {
  readonly environments: readonly Environment[];
  readonly shelf: SegmentShelf;
}

function translate(key: string, { environments, shelf }: Listing, offName: OffName): ReturnType<Translate> {
  const present = environments.filter(({ flags }) => Object.hasOwn(flags, key) && isThere(flags[key]));
  const { description, name } = sourceOf(present[0]?.flags[key], 'the flag');
  const states = present.map(
    (environment) => [environment.name, stateIn({ ...environment, shelf }, key, offName)] as const,
  );
  const [first] = states;
  if (first === undefined) return cannotCarry('it is in no environment');
  const { variations } = first[1];
  const offs = new Map(states.map(([, { off }]) => [off.name, off]));
  const variants = [...variations.map((value, index) => ({ name: nameOf(index), value })), ...offs.values()];
  return {
    flag: {
      type: typeOf(variants.map(({ value }) => value)),
      ...describedBy(description, name),
      variants,
      ...(environments.length === 1
        ? { all_environments: first[1].state }
        : { environments: Object.fromEntries(states.map(([name, { state }]) => [String(name), state])) }),
    },
    notes: [...new Set(states.flatMap(([, { notes }]) => notes))],
  };
}

type Translate = Parameters<typeof gather>[1];

interface State {
  readonly variations: readonly Json[];
  readonly off: { readonly name: string; readonly value: Json };
  readonly state: ImportedState;
  readonly notes: readonly string[];
}

interface Workshop extends Environment {
  readonly shelf: SegmentShelf;
}

function stateIn(environment: Workshop, key: string, offName: OffName): State {
  const source = sourceOf(environment.flags[key], 'the flag');
  if (source.archived === true) return cannotCarry('it is archived, so SDKs do not get it');
  if (source.isListed === true && source.fallthrough === undefined) {
    return cannotCarry('the list has only a summary of it; ask for it with summary=0 and for its environment');
  }
  const isSwitchedOn = isOn(source);
  if (!Array.isArray(source.variations) || source.variations.length === 0) return cannotCarry('it has no variations');
  const variations = source.variations as readonly Json[];
  const notes: string[] = [];
  const { prerequisites, canBeMet } = requiredBy(source, environment.flags, [key], offName);
  const on = isSwitchedOn && canBeMet;
  if (!canBeMet) notes.push('what it requires can never be met, so it is off');
  const rules = isSwitchedOn ? ruled(environment, key, source) : restingRules(environment, key, source, notes);
  const last = rules.pop() ?? { when: { all: [] }, serve: { variant: nameOf(0) } };
  const off = offOf(source, variations, !on || prerequisites.length > 0, notes);
  const offVariant = offName(off);
  return {
    variations,
    off: { name: offVariant, value: variations[off] ?? null },
    state: {
      enabled: on,
      off_variant: offVariant,
      ...(prerequisites.length === 0 ? {} : { prerequisites }),
      rules,
      fallthrough: last.serve,
    },
    notes: [...notes, ...operatorNotes(source, environment), ...measurementNotes(source)],
  };
}

function ruled({ segments, shelf }: Workshop, key: string, source: Source): ImportedRule[] {
  return rulesOf(key, source, surroundingsOf(segments, shelf));
}

function operatorNotes({ rules }: Source, { segments }: Environment): readonly string[] {
  const asksSegments = (JSON.stringify(rules) ?? '').includes('"op":"segmentMatch"');
  return unknownOperatorsIn(asksSegments ? [rules, segments] : rules).map(
    (operator) => `the operator ${operator} is unknown to LaunchDarkly and matches nothing`,
  );
}

function measurementNotes({ rules, fallthrough, migration }: Source): readonly string[] {
  const serving: readonly unknown[] = [...(Array.isArray(rules) ? rules : []), fallthrough];
  const isExperiment = serving.some(
    (each) => isSource(each) && isSource(each.rollout) && each.rollout.kind === 'experiment',
  );
  return [
    ...(isExperiment ? ['its experiment goes on as shares of users: what is measured of it is not carried'] : []),
    ...(isSource(migration) ? ['what it says of a migration is not carried'] : []),
  ];
}

/** A flag that is off keeps its rules for when it is switched on, if they can be kept. */
function restingRules(environment: Workshop, key: string, source: Source, notes: string[]): ImportedRule[] {
  try {
    return ruled(environment, key, source);
  } catch (error) {
    if (!(error instanceof CannotCarry)) throw error;
    notes.push(`it is off, and its rules are not carried: ${error.message}`);
    return [];
  }
}

/** A flag without an off variation hands out the caller's default, which a file cannot know. */
function offOf(source: Source, variations: readonly Json[], isReached: boolean, notes: string[]): number {
  if (source.offVariation !== undefined && source.offVariation !== null) {
    return variationOf(source.offVariation, variations.length);
  }
  if (isReached) return cannotCarry("it has no off variation, so that callers' own defaults are served when it is off");
  notes.push('it has no off variation: switched off, it serves its last variation');
  return variations.length - 1;
}
