import type { Condition, Json } from '@spillway/evaluator';
import { cannotCarry, gather, type Imported, type ImportedFlag, spillwayKey } from '../report.ts';
import { createSegmentShelf, type SegmentShelf } from '../segments.ts';
import { isSource } from '../source.ts';
import { importedTest, type Step, stepwiseFlag, type Test } from '../stepwise.ts';
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
  const enabledFlags = new Map<string, ImportedFlag>();
  const { names } = environment;
  const isTaken = (key: string) =>
    names.some((name) => spillwayKey(name) === key) ||
    names.filter((name) => spillwayKey(name + ENABLED) === key).length > 1;
  const shelf = createSegmentShelf();
  const { definitions, report } = gather(
    names,
    (name) => {
      const { flag, notes, enabled } = translate(name, environment, shelf);
      if (enabled === undefined) return { flag, notes };
      const key = spillwayKey(name + ENABLED);
      if (isTaken(key)) return cannotCarry(`whether it is enabled would be ${key} here, and another is called so`);
      enabledFlags.set(name, enabled);
      return { flag, notes: [...notes, `this is its value, enabled or not; whether it is enabled is the flag ${key}`] };
    },
    shelf.segments,
  );
  const carried = new Set(report.carried.map(({ flag }) => flag));
  const beside = [...enabledFlags].filter(([name]) => carried.has(name));
  const added = Object.fromEntries(beside.map(([name, flag]) => [spillwayKey(name + ENABLED), flag]));
  return { definitions: { ...definitions, flags: { ...definitions.flags, ...added } }, report };
}

/** A segment of the file is one here; identities stay where they are. */
function askedFor(
  { segment, called }: Override,
  environment: Test,
  shelf: SegmentShelf,
): { readonly when: readonly Test[]; readonly also: readonly Condition[] } {
  const test = { environment, segment };
  if (called === undefined) return { when: [test], also: [] };
  return { when: [], also: [shelf.refer(called, importedTest('flagsmith', test, attributeOf(test)))] };
}

interface Translated {
  readonly flag: ImportedFlag;
  readonly notes: string[];
  /** Whether it is enabled, where that is not what the flag itself says and not always so. */
  readonly enabled?: ImportedFlag;
}

function translate(name: string, environmentOf: Environment, shelf: SegmentShelf): Translated {
  const notes = new Set<string>();
  const { state, overrides, ...environment } = environmentOf.ofFeature(name, notes);
  const made = (stepsFor: (state: FeatureState, when: readonly Test[]) => readonly Step[], off: Json) => {
    const some = overrides.flatMap((override) => {
      const { when, also } = askedFor(override, environment, shelf);
      return stepsFor(override.state, when).map((step) => ({ ...step, also }));
    });
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
