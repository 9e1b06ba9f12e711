import type { Condition, Json } from '@spillway/evaluator';
import {
  CannotCarry,
  cannotCarry,
  gather,
  type Imported,
  type ImportedFlag,
  type Made,
  spillwayKey,
} from '../report.ts';
import { createSegmentShelf, type SegmentShelf } from '../segments.ts';
import { isSource } from '../source.ts';
import { importedTest, type Step, stepwiseFlag, type Test } from '../stepwise.ts';
import { type Answers, type Ask, asksFlags, dependentSegment } from './dependencies.ts';
import { documentEnvironment } from './document.ts';
import type { Environment, FeatureState, Override } from './environment.ts';
import { contextEnvironment } from './evaluation-context.ts';
import { exportedEnvironment } from './exported.ts';

/** An environment document, what an engine is given to evaluate, or an export of features. */
export function importFlagsmith(file: unknown): Imported | undefined {
  const environment = isSource(file)
    ? (documentEnvironment(file) ?? contextEnvironment(file))
    : exportedEnvironment(file);
  if (environment === undefined) return undefined;
  const { names } = environment;
  const isTaken = (key: string) =>
    names.some((name) => spillwayKey(name) === key) ||
    names.filter((name) => spillwayKey(name + ENABLED) === key).length > 1;
  const shelf = createSegmentShelf();
  const translate = createTranslator(environment, shelf);
  const made = (name: string): Made => {
    const { flag, notes, enabled } = translate(name);
    if (enabled === undefined) return { flag, notes };
    const key = spillwayKey(name + ENABLED);
    if (isTaken(key)) return cannotCarry(`whether it is enabled would be ${key} here, and another is called so`);
    return {
      flag,
      notes: [...notes, `this is its value, enabled or not; whether it is enabled is the flag ${key}`],
      beside: { key, flag: enabled },
    };
  };
  return gather(names, made, shelf.segments);
}

/** Translates each feature once, those that segments ask for before those that ask. */
function createTranslator(environment: Environment, shelf: SegmentShelf): (name: string) => Translated {
  const made = new Map<string, Translated | CannotCarry>();
  const within = new Set<string>();
  const attempt = (name: string): Translated | CannotCarry => {
    if (within.has(name)) return new CannotCarry(`its segments ask what ${name} serves, which leads back to it`);
    within.add(name);
    try {
      return translate(name, environment, { shelf, ask });
    } catch (error) {
      if (error instanceof CannotCarry) return error;
      throw error;
    } finally {
      within.delete(name);
    }
  };
  const translated = (name: string): Translated => {
    const found = made.get(name) ?? attempt(name);
    made.set(name, found);
    if (found instanceof CannotCarry) throw found;
    return found;
  };
  const ask: Ask = ({ feature, field }) =>
    environment.names.includes(feature) ? answersOf(feature, field, translated(feature)) : undefined;
  return translated;
}

/** What a field of a feature's result comes to, by the flag that serves it here. */
function answersOf(feature: string, field: string, { flag, enabled, isValued }: Translated): Answers {
  const key = spillwayKey(feature);
  if (field === 'name') return { constant: feature };
  if (field === 'value') return isValued ? { flag: key, variants: flag.variants } : { constant: null };
  if (field !== 'enabled') return cannotCarry(`a segment asks for the ${field} of ${feature}, which is not carried`);
  if (!isValued) return { flag: key, variants: flag.variants };
  return enabled === undefined
    ? { constant: true }
    : { flag: spillwayKey(feature + ENABLED), variants: enabled.variants };
}

interface Workshop {
  readonly shelf: SegmentShelf;
  readonly ask: Ask;
}

/** A segment of the file is one here, unless it asks other flags; identities stay where they are. */
function askedFor(
  { segment, called }: Override,
  environment: Test,
  { shelf, ask }: Workshop,
): { readonly when: readonly Test[]; readonly also: readonly Condition[] } {
  const { key, rules } = segment;
  if (rules.some(asksFlags)) return { when: [], also: [dependentSegment(rules, { key, environment, ask })] };
  const test = { environment, segment: { key, rules: rules as unknown as Json } };
  if (called === undefined) return { when: [test], also: [] };
  return { when: [], also: [shelf.refer(called, importedTest('flagsmith', test, attributeOf(test)))] };
}

interface Translated {
  readonly flag: ImportedFlag;
  readonly notes: string[];
  /** Whether it is enabled, where that is not what the flag itself says and not always so. */
  readonly enabled?: ImportedFlag;
  /** Whether the flag serves values; else it is whether the feature is enabled. */
  readonly isValued: boolean;
}

function translate(name: string, environmentOf: Environment, workshop: Workshop): Translated {
  const notes = new Set<string>();
  const { state, overrides, ...environment } = environmentOf.ofFeature(name, notes);
  const made = (stepsFor: (state: FeatureState, when: readonly Test[]) => readonly Step[], off: Json) => {
    const some = overrides.flatMap((override) => {
      const { when, also } = askedFor(override, environment, workshop);
      return stepsFor(override.state, when).map((step) => ({ ...step, also }));
    });
    const steps = [...some, ...stepsFor(state, [])];
    return stepwiseFlag('flagsmith', { steps, off, prerequisites: [], attributeOf });
  };
  const enabled = made((each, when) => [{ when, value: each.enabled }], false);
  const states = [state, ...overrides.map((override) => override.state)];
  const values = states.flatMap(({ value, variants }) => [value, ...variants.map((variant) => variant.value)]);
  if (values.every((value) => value === null)) {
    notes.add('this is whether it is enabled, because it has no value anywhere');
    return { flag: enabled, notes: [...notes], isValued: false };
  }
  const flag = made((each, when) => valueSteps(each, when, environment), state.value);
  return { flag, notes: [...notes], isValued: true, ...(states.every((each) => each.enabled) ? {} : { enabled }) };
}

/** Behind the key of a feature with a value, for whether it is enabled. */
const ENABLED = '.enabled';

function valueSteps(
  state: FeatureState,
  when: readonly Test[],
  environment: Readonly<Record<string, Json>>,
): readonly Step[] {
  let from = 0;
  const key = state.key ?? (isShared(state) ? cannotCarry(UNHASHED) : '');
  const split = state.variants.map(({ value, weight }): Step => {
    const test = { environment, bucket: { key, from, below: from + weight } };
    from += weight;
    return { when: [...when, test], value };
  });
  return [...split, { when, value: state.value }];
}

const UNHASHED = 'the file has no id or UUID of it, with which users are hashed for its variants';

/** Whether the hash has a say: not where one variant is for all. */
function isShared({ variants }: FeatureState): boolean {
  const first = variants.find(({ weight }) => weight !== 0);
  return first !== undefined && first.weight < WHOLE;
}

const WHOLE = 100;

function attributeOf({ bucket }: Test): string {
  return bucket === undefined ? 'traits' : 'identifier';
}
