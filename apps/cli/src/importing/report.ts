import { createHash } from 'node:crypto';
import { type Condition, flagsAskedBy, type Json, type Prerequisite } from '@spillway/evaluator';
import { compacted } from './compact.ts';
import { misfitOf } from './fitting.ts';
import { conditionsIn, segmentsNamedIn } from './segments-named.ts';

export interface Report {
  /** `flag` as the product calls it, `key` as it is asked for here. */
  readonly carried: readonly { readonly flag: string; readonly key: string; readonly notes: readonly string[] }[];
  readonly refused: readonly { readonly flag: string; readonly reason: string }[];
  /** `segment` as the product calls it, `key` as flags refer to it here; left out where there are none. */
  readonly segments?: readonly { readonly segment: string; readonly key: string }[];
}

export interface ImportedFlag {
  readonly type: 'boolean' | 'string' | 'number' | 'json';
  readonly description?: string;
  readonly variants: readonly { readonly name: string; readonly value: Json }[];
  readonly all_environments?: ImportedState;
  /** In place of `all_environments`, for a file that tells of several. */
  readonly environments?: Readonly<Record<string, ImportedState>>;
}

export interface ImportedState {
  readonly enabled: boolean;
  readonly off_variant: string;
  readonly prerequisites?: readonly Prerequisite[];
  readonly rules: readonly ImportedRule[];
  readonly fallthrough: { readonly variant: string };
}

export interface ImportedRule {
  readonly when: Condition;
  readonly serve: { readonly variant: string };
}

export interface ImportedSegment {
  /** As the product calls it. */
  readonly name: string;
  readonly when: Condition;
}

export type SegmentsByKey = ReadonlyMap<string, ImportedSegment>;

export interface Imported {
  readonly definitions: {
    readonly apiVersion: 'spillway/v1';
    readonly kind: 'Definitions';
    readonly flags: Flags;
    readonly segments?: Readonly<Record<string, ImportedSegment>>;
  };
  readonly report: Report;
}

export type Flags = Readonly<Record<string, ImportedFlag>>;

export interface Made {
  readonly flag: ImportedFlag;
  readonly notes: readonly string[];
  /** A flag beside it that says more of the same, by the key that it has here. */
  readonly beside?: { readonly key: string; readonly flag: ImportedFlag };
}

export type Translated = (Made & { readonly ok: true }) | { readonly ok: false; readonly reason: string };

/** Thrown while one flag is translated, caught where the next one begins. */
export class CannotCarry extends Error {}

export function cannotCarry(reason: string): never {
  throw new CannotCarry(reason);
}

/** Translates flag by flag; what asks a flag that was refused, too many, or a key taken already, is refused as well. */
export function gather(
  keys: readonly string[],
  translate: (key: string) => Made,
  known: SegmentsByKey = new Map(),
): Imported {
  const carried = new Map<string, Made & { key: string }>();
  const refused: { flag: string; reason: string }[] = [];
  const shared = repeatedIn(keys.map(spillwayKey));
  for (const source of keys) {
    const result = attempt(source, translate);
    const key = spillwayKey(source);
    if (!result.ok) refused.push({ flag: source, reason: result.reason });
    else carried.set(source, { ...result, key: shared.has(key) && key !== source ? marked(source) : key });
  }
  dropDependants(carried, shared, refused);
  const made = [...carried.values()];
  const beside = made.flatMap((each) => each.beside ?? []);
  const entries = [...made, ...beside].map(({ key, flag }) => [key, flag] as const);
  const segments = segmentsNamedIn(
    entries.flatMap(([, flag]) => conditionsIn(flag)),
    known,
  );
  return {
    definitions: {
      apiVersion: 'spillway/v1',
      kind: 'Definitions',
      ...(segments.size === 0 ? {} : { segments: Object.fromEntries(segments) }),
      flags: Object.fromEntries(entries),
    },
    report: {
      ...(segments.size === 0 ? {} : { segments: Array.from(segments, ([key, { name }]) => ({ segment: name, key })) }),
      carried: [...carried].map(([flag, { key, notes }]) => ({
        flag,
        key,
        notes: key === flag ? notes : [`asked for as ${key}, because keys here are of a-z 0-9 . _ - only`, ...notes],
      })),
      refused,
    },
  };
}

function repeatedIn(keys: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(keys.filter((key) => seen.size === seen.add(key).size));
}

function attempt(key: string, translate: (key: string) => Made): Translated {
  try {
    const { flag: written, ...more } = translate(key);
    const flag = compacted(written);
    const misfit = misfitOf(spillwayKey(key), flag);
    return misfit === undefined ? { ok: true, flag, ...more } : { ok: false, reason: `it does not fit: ${misfit}` };
  } catch (error) {
    if (error instanceof CannotCarry) return { ok: false, reason: error.message };
    // Thrown by the platform where the stack ends.
    if (error instanceof RangeError) return { ok: false, reason: 'it nests too deep' };
    throw error;
  }
}

/** What requires one of several flags of a `shared` key would not know which of them it meets here. */
function dropDependants(
  carried: Map<string, Made & { key: string }>,
  shared: ReadonlySet<string>,
  refused: { flag: string; reason: string }[],
): void {
  for (let before = -1; before !== carried.size; ) {
    before = carried.size;
    const known = new Map([...carried.values()].flatMap(flagsIn));
    const weights = new Map<string, number>();
    for (const [source, made] of carried) {
      const own = flagsIn(made);
      const missing = own
        .flatMap(([, flag]) => statesOf(flag))
        .flatMap(flagsAskedBy)
        .find((each) => shared.has(each) || !known.has(each));
      const isTooMuch = missing === undefined && own.some(([key]) => weightOf(key, known, weights) > MAX_WEIGHT);
      if (missing === undefined && !isTooMuch) continue;
      carried.delete(source);
      const why = shared.has(missing ?? '') ? 'as several flags are called here; rename them' : 'which is not carried';
      const reason = isTooMuch
        ? `it comes to more than ${MAX_WEIGHT} flags with those it requires`
        : `it requires ${missing}, ${why}`;
      refused.push({ flag: source, reason });
    }
  }
}

function flagsIn({ key, flag, beside }: Made & { readonly key: string }): readonly (readonly [string, ImportedFlag])[] {
  return [[key, flag], ...(beside === undefined ? [] : [[beside.key, beside.flag] as const])];
}

export function statesOf({ all_environments, environments = {} }: ImportedFlag): readonly ImportedState[] {
  return [...(all_environments === undefined ? [] : [all_environments]), ...Object.values(environments)];
}

/** Evaluators take no more for one flag, each flag that is asked written out. */
const MAX_WEIGHT = 256;

/** In the environment where it weighs most; importers leave nothing that leads back. */
function weightOf(key: string, flags: ReadonlyMap<string, ImportedFlag>, weights: Map<string, number>): number {
  const known = weights.get(key);
  const flag = flags.get(key);
  if (known !== undefined || flag === undefined) return known ?? 1;
  weights.set(key, 1);
  const own = statesOf(flag).map((state) =>
    flagsAskedBy(state).reduce((sum, asked) => sum + weightOf(asked, flags, weights), 1),
  );
  const weight = Math.min(Math.max(1, ...own), MAX_WEIGHT + 1);
  weights.set(key, weight);
  return weight;
}

const KEY = /^[a-z0-9][a-z0-9._-]{0,127}$/;
const MAX_STEM = 119;

/**
 * A flag's key here, whatever else stands in the file: in lower case, and where that is no key, what is left of it with a
 * mark made of all of it, so that a later import calls it the same.
 */
export function spillwayKey(source: string): string {
  const key = source.toLowerCase();
  return KEY.test(key) ? key : marked(source);
}

/** What is left of a name, with a mark made of all of it. */
export function marked(source: string): string {
  const stem = source
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  const mark = createHash('sha256').update(source).digest('hex').slice(0, 8);
  return `${stem.slice(0, MAX_STEM).replace(/[^a-z0-9]+$/, '') || 'flag'}-${mark}`;
}

/** `all` of one part is that part; conditions nest ten deep at most, so each level counts. */
export function allOf(parts: readonly Condition[]): Condition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { all: parts };
}

export function anyOf(parts: readonly Condition[]): Condition {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { any: parts };
}
