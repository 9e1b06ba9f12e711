import type { Json } from '@spillway/evaluator';
import { cannotCarry, gather, type Imported, type ImportedFlag, spillwayKey } from '../report.ts';
import { isSource, type Source, sourcesOf, textOf } from '../source.ts';
import { type Step, stepwiseFlag, type Test } from '../stepwise.ts';
import { type FeatureState, featureNameIn, stateOf } from './environment.ts';
import { overridesOf } from './overrides.ts';

/** An environment document, as SDKs get it that evaluate by themselves. */
export function importFlagsmith(file: unknown): Imported | undefined {
  if (!isSource(file) || !Array.isArray(file.feature_states) || !isSource(file.project)) return undefined;
  const states = sourcesOf(file.feature_states, 'feature_states');
  // Of several with one name, the last is the one.
  const byName = new Map(states.map((state) => [featureNameIn(state) ?? '', state]));
  const enabledFlags = new Map<string, ImportedFlag>();
  const keys = new Set([...byName.keys()].map((name) => name.toLowerCase()));
  const { definitions, report } = gather([...byName.keys()], (name) => {
    const { flag, notes, enabled } = translate(name, byName.get(name) ?? {}, file);
    if (enabled === undefined) return { flag, notes };
    const key = spillwayKey(name + ENABLED);
    if (keys.has(key)) return cannotCarry(`whether it is enabled would be ${key} here, and another is called so`);
    enabledFlags.set(name, enabled);
    return { flag, notes: [...notes, `this is its value, enabled or not; whether it is enabled is the flag ${key}`] };
  });
  const carried = new Set(report.carried.map(({ flag }) => flag));
  const beside = [...enabledFlags].filter(([name]) => carried.has(name));
  const added = Object.fromEntries(beside.map(([name, flag]) => [spillwayKey(name + ENABLED), flag]));
  return { definitions: { ...definitions, flags: { ...definitions.flags, ...added } }, report };
}

interface Translated {
  readonly flag: ImportedFlag;
  readonly notes: string[];
  /** Whether it is enabled, where that is not what the flag itself says and not always so. */
  readonly enabled?: ImportedFlag;
}

function translate(name: string, source: Source, file: Source): Translated {
  const notes = new Set<string>();
  const environment = {
    key: textOf(file.api_key, 'the api_key of the environment'),
    name: (file.name ?? null) as Json,
  };
  const state = stateOf(source);
  const overrides = overridesOf(name, file, notes);
  const made = (stepsFor: (state: FeatureState, when: readonly Test[]) => readonly Step[], off: Json) => {
    const some = overrides.flatMap((override) =>
      stepsFor(override.state, [{ environment, segment: override.segment }]),
    );
    const steps = [...some, ...stepsFor(state, [])];
    return stepwiseFlag('flagsmith', { steps, off, prerequisites: [], attributeOf });
  };
  const enabled = made((each, when) => [{ when, value: each.enabled }], false);
  const states = [state, ...overrides.map((override) => override.state)];
  const values = states.flatMap(({ value, variants }) => [value, ...variants.map((variant) => variant.value)]);
  if (values.every((value) => value === null)) {
    return { flag: enabled, notes: [...notes, 'this is whether it is enabled, because it has no value anywhere'] };
  }
  const flag = made((each, when) => valueSteps(each, when, environment), state.value);
  return { flag, notes: [...notes], ...(states.every((each) => each.enabled) ? {} : { enabled }) };
}

/** Behind the key of a feature with a value, for whether it is enabled. */
const ENABLED = '.enabled';

function valueSteps(
  state: FeatureState,
  when: readonly Test[],
  environment: Readonly<Record<string, Json>>,
): readonly Step[] {
  let from = 0;
  const split = state.variants.map(({ value, weight }): Step => {
    const key = state.key ?? cannotCarry('a state with variants has no id or UUID to be hashed by');
    const test = { environment, bucket: { key, from, below: from + weight } };
    from += weight;
    return { when: [...when, test], value };
  });
  return [...split, { when, value: state.value }];
}

function attributeOf({ bucket }: Test): string {
  return bucket === undefined ? 'traits' : 'identifier';
}
