import type { Condition } from '@spillway/evaluator';
import { ALWAYS, NEVER } from '../conditions.ts';
import { describedBy } from '../description.ts';
import {
  anyOf,
  CannotCarry,
  cannotCarry,
  gather,
  type Imported,
  type ImportedFlag,
  type ImportedRule,
  type ImportedState,
} from '../report.ts';
import { createSegmentShelf, type SegmentShelf } from '../segments.ts';
import { isSource, type Source, sourceOf } from '../source.ts';
import type { Notes } from './constraints.ts';
import { prerequisitesOf, requiring } from './dependencies.ts';
import { type Feature, type FeatureState, type Payload, payloadOf } from './payload.ts';
import { groupTextOf, type StrategySurroundings, strategyOf } from './strategies.ts';
import { DISABLED, type Known, rulesOfVariants, Variants, variantsIn } from './variants.ts';

/** The features that clients get, or an export: what `isEnabled` says, or `getVariant` where there are variants. */
export function importUnleash(file: unknown): Imported | undefined {
  const payload = payloadOf(file);
  if (payload === undefined) return undefined;
  const shelf = createSegmentShelf();
  const made = new Map<string, Made>();
  const make = (name: string): Made => {
    const before = made.get(name);
    if (before !== undefined) return before;
    const flag = translate(name, { payload, shelf }, make);
    made.set(name, flag);
    return flag;
  };
  return gather([...payload.features.keys()], make, shelf.segments);
}

interface Made {
  readonly flag: ImportedFlag;
  readonly notes: string[];
  readonly known: readonly Known[];
}

interface Workshop {
  readonly name: string;
  readonly payload: Payload;
  readonly shelf: SegmentShelf;
  readonly variants: Variants;
  readonly notes: Notes;
}

function translate(
  name: string,
  { payload, shelf }: Pick<Workshop, 'payload' | 'shelf'>,
  make: (name: string) => Made,
): Made {
  const feature = payload.features.get(name) ?? cannotCarry('it is not an object');
  const notes: Notes = new Set();
  const variants = new Variants([...feature.states.values()].every(hasNoVariants), notes);
  const workshop = { name, payload, shelf, variants, notes };
  const required = requiredBy(feature, workshop, make);
  if (required === 'never') notes.add('what it depends on can never be met, so it is off');
  const states = [...feature.states].map(([environment, state]) => {
    const own = stateOf(state, workshop);
    const prerequisites = required === 'never' || required.length === 0 ? {} : { prerequisites: required };
    return [environment, { ...own, enabled: own.enabled && required !== 'never', ...prerequisites }] as const;
  });
  if (variants.hasNone) variants.plain();
  noteWhatIsLeft(feature, variants, notes);
  const { description } = feature;
  const flag = { ...variants.ofFlag(), ...describedBy(description), ...environmentsOf(states) };
  return { flag, notes: [...notes], known: variants.known };
}

/** A feature that is off is off whatever it depends on. */
function requiredBy(
  { dependencies, states }: Feature,
  { payload, notes }: Workshop,
  make: (name: string) => Made,
): ReturnType<typeof prerequisitesOf> {
  try {
    return prerequisitesOf(dependencies, payload, (parent) => requiring(parent, () => make(parent).known));
  } catch (error) {
    if (!(error instanceof CannotCarry) || [...states.values()].some(({ enabled }) => enabled)) throw error;
    notes.add(`it is off, and what it depends on is left out: ${error.message}`);
    return [];
  }
}

function environmentsOf(
  states: readonly (readonly [string | undefined, ImportedState])[],
): Pick<ImportedFlag, 'all_environments' | 'environments'> {
  const [[, only] = []] = states;
  if (states.length === 1 && only !== undefined) return { all_environments: only };
  return { environments: Object.fromEntries(states.map(([name, state]) => [String(name), state])) };
}

function noteWhatIsLeft({ impressionData }: Feature, variants: Variants, notes: Notes): void {
  if (impressionData === true) notes.add('its impression data is not carried; Spillway counts evaluations itself');
  if (!variants.hasNone) {
    notes.add(`its value is the payload of the variant, else its name; ${DISABLED} is whom it is off for`);
  }
}

function hasNoVariants({ variants, strategies }: FeatureState): boolean {
  const isNone = (list: unknown) => !Array.isArray(list) || list.length === 0;
  return (
    isNone(variants) &&
    (isNone(strategies) || (strategies as unknown[]).every((each) => !isSource(each) || isNone(each.variants)))
  );
}

/** A feature that is off is carried with the rules it would have, as far as they can be. */
function stateOf(state: FeatureState, workshop: Workshop): ImportedState {
  if (state.problem !== undefined) return cannotCarry(state.problem);
  if (state.enabled) return { enabled: true, off_variant: DISABLED, ...rulesOf(state, workshop) };
  try {
    return { enabled: false, off_variant: DISABLED, ...rulesOf(state, workshop) };
  } catch (error) {
    if (!(error instanceof CannotCarry)) throw error;
    workshop.notes.add(`it is off, and its rules are left out: ${error.message}`);
    return { enabled: false, off_variant: DISABLED, rules: [], fallthrough: { variant: DISABLED } };
  }
}

function rulesOf(
  { strategies, variants }: FeatureState,
  workshop: Workshop,
): Pick<ImportedState, 'rules' | 'fallthrough'> {
  const own = variantsIn(variants);
  if (!Array.isArray(strategies)) {
    workshop.notes.add('it has no list of strategies, so it is on for nobody');
    return { rules: [], fallthrough: { variant: DISABLED } };
  }
  const rules: ImportedRule[] = [];
  for (const { when, strategy } of runsOf(strategies.length === 0 ? [DEFAULT] : strategies, workshop)) {
    rules.push(...rulesOfStrategy(when, strategy, own, workshop));
  }
  const last = rules.at(-1);
  return last?.when === ALWAYS
    ? { rules: rules.slice(0, -1), fallthrough: last.serve }
    : { rules, fallthrough: { variant: DISABLED } };
}

/** A feature without strategies is on for everyone. */
const DEFAULT: Source = { name: 'default', parameters: {} };

interface Run {
  readonly when: Condition;
  /** The one that has variants of its own. */
  readonly strategy: Source | undefined;
}

/** Strategies in order, up to the first that is for everyone; those that lead to the same variants are one. */
function runsOf(strategies: readonly unknown[], { payload, shelf, variants, notes }: Workshop): readonly Run[] {
  const runs: Run[] = [];
  let together: Condition[] = [];
  const finish = () => {
    if (together.length > 0) runs.push({ when: anyOf(together), strategy: undefined });
    together = [];
  };
  const readings = readingsOf(strategies, { segments: payload.segments, shelf });
  const applying = readings.filter(({ when }) => when !== NEVER);
  const decisive = decisiveOf(applying);
  for (const reading of readings) {
    // Why a strategy is for nobody has to be told as well.
    if (reading.when === NEVER || decisive.includes(reading)) for (const note of reading.notes) notes.add(note);
  }
  for (const { strategy, isOwn, when } of decisive) {
    if (when instanceof CannotCarry) throw when;
    if (isOwn || variants.hasNone || when === ALWAYS) {
      finish();
      runs.push({ when, strategy: isOwn ? strategy : undefined });
    } else together.push(when);
  }
  finish();
  return runs;
}

interface Reading {
  readonly strategy: Source;
  /** Whether it has variants of its own. */
  readonly isOwn: boolean;
  readonly when: ReturnType<typeof strategyOf>;
  readonly notes: Notes;
}

/** Up to the first that is for everyone. */
function readingsOf(strategies: readonly unknown[], around: StrategySurroundings): readonly Reading[] {
  const readings: Reading[] = [];
  for (const each of strategies) {
    const strategy = sourceOf(each, 'a strategy');
    const notes: Notes = new Set();
    const when = strategyOf(strategy, around, notes);
    readings.push({ strategy, isOwn: variantsIn(strategy.variants).length > 0, when, notes });
    if (when === ALWAYS) break;
  }
  return readings;
}

/** Without those before one for everyone that lead to what it leads to: whether they apply makes no difference. */
function decisiveOf(readings: readonly Reading[]): readonly Reading[] {
  const last = readings.at(-1);
  if (last?.when !== ALWAYS || last.isOwn) return readings;
  return [...readings.slice(0, readings.findLastIndex(({ isOwn }) => isOwn) + 1), last];
}

function rulesOfStrategy(
  when: Condition,
  strategy: Source | undefined,
  variants: readonly Source[],
  { name, variants: known, notes }: Workshop,
): readonly ImportedRule[] {
  const rules: ImportedRule[] = [];
  if (strategy !== undefined) {
    const own = rulesOfVariants({ when, ...choiceOf(strategy) }, known, notes);
    rules.push(...own.rules);
    if (own.isWhole) return rules;
  }
  const choice = { when, variants, group: name, stickiness: variants[0]?.stickiness };
  const shared = rulesOfVariants(choice, known, notes);
  rules.push(...shared.rules);
  if (!shared.isWhole) rules.push({ when, serve: { variant: known.plain() } });
  return rules;
}

function choiceOf(strategy: Source): { variants: readonly Source[]; group: string; stickiness: unknown } {
  const parameters = sourceOf(strategy.parameters, 'the parameters of a strategy with variants');
  const variants = variantsIn(strategy.variants);
  const stickiness = variants[0]?.stickiness || parameters.stickiness;
  return { variants, group: groupTextOf(parameters), stickiness: stickiness === null ? '' : stickiness };
}
