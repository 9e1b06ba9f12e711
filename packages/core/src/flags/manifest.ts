import type { Json } from '@spillway/evaluator';
import { canonicalise } from '@spillway/evaluator/canonical';
import { accept, type Outcome, refuse } from '../refusal.ts';
import { defaultState, stateIn } from './default-state.ts';
import type { Flag, FlagEnvironment } from './flag.ts';
import type { FlagInput } from './input.ts';
import { asFlagInput, BOOLEAN_VARIANTS } from './normalise.ts';

/** How OpenFeature's manifests call the types of values. */
export type ManifestType = 'boolean' | 'string' | 'integer' | 'float' | 'object';

/** What a manifest says of a flag: enough to ask for it, nothing of who gets what. */
export interface ManifestFlag {
  readonly key: string;
  /** The key: flags have no other name. */
  readonly name: string;
  readonly type: ManifestType;
  readonly description: string;
  /** What code answers while nobody else does: the value of the flag when it is off. */
  readonly defaultValue: Json;
}

export interface ManifestFlagInput extends Pick<ManifestFlag, 'key' | 'type'> {
  readonly description?: string | null | undefined;
  /** Left out, it stays. */
  readonly defaultValue?: Json | undefined;
}

type Valued = Pick<Flag, 'key' | 'variants' | 'environments'>;

export function describeInManifest(flag: Flag, environment?: string): ManifestFlag {
  const { key, description } = flag;
  return { key, name: key, type: manifestType(flag), description, defaultValue: valueWhenOff(flag, environment) };
}

/** Of a flag that may be off with different values, without an environment the first of its variants that is one of them. */
export function valueWhenOff(flag: Valued, environment?: string): Json {
  const states: readonly FlagEnvironment[] =
    environment === undefined ? Object.values(flag.environments) : [stateIn(flag as Flag, environment)];
  const off = new Set((states.length === 0 ? [defaultState(flag)] : states).map(({ off_variant }) => off_variant));
  return flag.variants.find(({ name }) => off.has(name))?.value ?? null;
}

/** A number is called an integer as long as none of its values has a fraction. */
export function manifestType({ type, variants }: Pick<Flag, 'type' | 'variants'>): ManifestType {
  if (type === 'json') return 'object';
  if (type !== 'number') return type;
  return variants.every(({ value }) => Number.isInteger(value)) ? 'integer' : 'float';
}

/**
 * A new flag that is off in every environment and serves the default there. Refuses `invalid` when the default is not of
 * the type.
 */
export function flagFromManifest(
  { key, type, description, defaultValue }: ManifestFlagInput & Required<Pick<ManifestFlag, 'defaultValue'>>,
  environments: Iterable<string>,
): Outcome<FlagInput> {
  const fits = checkDefault(type, defaultValue);
  if (!fits.ok) return fits;
  const itself = { key, type: FLAG_TYPES[type], description: description ?? '' };
  if (type !== 'boolean') return accept({ ...itself, variants: [{ name: DEFAULT, value: defaultValue }] });
  if (defaultValue === false) return accept(itself);
  const on = { off_variant: 'on' };
  return accept({ ...itself, environments: Object.fromEntries([...environments].map((each) => [each, on])) });
}

/** The flag as a manifest wants it: rules, targets and what is served to whom stay. Undefined: it is so already. */
export function flagAsInManifest(
  flag: Flag,
  { type, description, defaultValue }: ManifestFlagInput,
  environments: Iterable<string>,
): Outcome<FlagInput | undefined> {
  if (FLAG_TYPES[type] !== flag.type) {
    return refuse(
      'conflict',
      `The type of the flag ${flag.key} is ${manifestType(flag)} and cannot become ${type}. Create another flag.`,
      { fields: [{ field: '/type', message: `must be ${manifestType(flag)}` }] },
    );
  }
  const described = { ...flag, description: description ?? '' };
  if (defaultValue !== undefined) {
    const fits = checkDefault(type, defaultValue);
    if (!fits.ok) return fits;
    if (!isSame(valueWhenOff(flag), defaultValue)) {
      return accept(asFlagInput(withDefault(described, defaultValue, environments)));
    }
  }
  return accept(described.description === flag.description ? undefined : asFlagInput(described));
}

const FLAG_TYPES = {
  boolean: 'boolean',
  string: 'string',
  integer: 'number',
  float: 'number',
  object: 'json',
} as const;
const DEFAULT = 'default';

/** Served everywhere where the flag is off; a value that no variant has gets one, so that none that is served changes. */
function withDefault(flag: Flag, value: Json, environments: Iterable<string>): Flag {
  const known = flag.variants.find((variant) => isSame(variant.value, value));
  const name = known?.name ?? freeName(flag, value);
  return {
    ...flag,
    variants: known === undefined ? [...flag.variants, { name, value }] : flag.variants,
    environments: Object.fromEntries(
      [...environments].map((each) => [each, { ...stateIn(flag, each), off_variant: name }]),
    ),
  };
}

function freeName({ type, variants }: Flag, value: Json): string {
  const usual = type === 'boolean' ? BOOLEAN_VARIANTS.find((each) => each.value === value)?.name : undefined;
  const names = new Set(variants.map(({ name }) => name));
  let name = usual ?? DEFAULT;
  for (let count = 2; names.has(name); count += 1) name = `${usual ?? DEFAULT}-${count}`;
  return name;
}

function checkDefault(type: ManifestType, value: Json): Outcome<void> {
  if (FITS[type](value)) return accept(undefined);
  return refuse('invalid', `The default is not of the type ${type}. Send one that is, or another type.`, {
    fields: [{ field: '/defaultValue', message: `must be of the type ${type}` }],
  });
}

const FITS: Readonly<Record<ManifestType, (value: Json) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  float: (value) => typeof value === 'number',
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

function isSame(one: Json, other: Json): boolean {
  return canonicalise(one) === canonicalise(other);
}
