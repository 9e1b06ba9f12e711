import { murmur3OfUnits } from '../../bucketing/algorithms/murmur3.ts';
import { compareStrictVersions, parseStrictVersion, type StrictVersion } from '../strict-versions.ts';
import { type Frame, fail } from './node.ts';
import { fieldIn } from './paths.ts';

type Operation = (values: readonly unknown[], frame: Frame) => unknown;

/** What flagd adds to JsonLogic. What they cannot make sense of is null, which stands for the default variant. */
export const FLAGD_OPERATIONS: Readonly<Record<string, Operation>> = {
  starts_with: outside((values) => onTexts(values, (text, part) => text.startsWith(part))),
  ends_with: outside((values) => onTexts(values, (text, part) => text.endsWith(part))),
  sem_ver: outside(comparesVersions),
  fractional: outside(chosenOf),
};

/** Inside an iteration flagd's operations fail, because there its context is out of sight. */
function outside(operation: Operation): Operation {
  return (values, frame) =>
    frame.flagd === undefined ? fail('it is asked inside an iteration') : operation(values, frame);
}

function onTexts([text, part, ...others]: readonly unknown[], holds: (text: string, part: string) => boolean): unknown {
  return typeof text === 'string' && typeof part === 'string' && others.length === 0 ? holds(text, part) : null;
}

function comparesVersions([first, operator, second, ...others]: readonly unknown[]): unknown {
  if (others.length > 0 || second === undefined) return null;
  const one = versionOf(first);
  const other = versionOf(second);
  const compares = VERSION_TESTS.get(String(operator));
  return one === undefined || other === undefined || compares === undefined ? null : compares(one, other);
}

const order = (holds: (order: number) => boolean) => (one: StrictVersion, other: StrictVersion) =>
  holds(compareStrictVersions(one, other));

const isSame = (count: number) => (one: StrictVersion, other: StrictVersion) =>
  one.numbers.slice(0, count).every((number, index) => number === other.numbers[index]);

const VERSION_TESTS: ReadonlyMap<string, (one: StrictVersion, other: StrictVersion) => boolean> = new Map([
  ['=', order((found) => found === 0)],
  ['!=', order((found) => found !== 0)],
  ['<', order((found) => found < 0)],
  ['<=', order((found) => found <= 0)],
  ['>', order((found) => found > 0)],
  ['>=', order((found) => found >= 0)],
  ['^', isSame(1)],
  ['~', isSame(2)],
]);

/** One leading `v` in either case is passed over; one or two numbers alone are filled up with zeros. */
function versionOf(value: unknown): StrictVersion | undefined {
  const text = String(value).replace(/^[vV]/, '');
  const [, minor] = /^\d+(\.\d+)?$/.exec(text) ?? [text, 'none'];
  const filled = minor === 'none' ? text : minor === undefined ? `${text}.0.0` : `${text}.0`;
  return parseStrictVersion(filled);
}

const MAX_WEIGHTS = 2 ** 31 - 1;

function chosenOf(values: readonly unknown[], { data, flagd }: Frame): unknown {
  const [first, ...rest] = values;
  if (values.length === 0) return null;
  const targetingKey = fieldIn(data, 'targetingKey');
  if (typeof first !== 'string' && !targetingKey) return null;
  const bucketBy = typeof first === 'string' ? first : `${flagd?.flagKey}${targetingKey}`;
  const parts = partsOf(typeof first === 'string' ? rest : values);
  const total = parts?.reduce((sum, { weight }) => sum + weight, 0) ?? Number.POSITIVE_INFINITY;
  if (parts === undefined || total > MAX_WEIGHTS) return null;
  const bucket = scaled(murmur3OfUnits(bucketBy), total);
  let sum = 0;
  for (const { variant, weight } of parts) {
    sum += weight;
    if (sum > bucket) return variant;
  }
  return null;
}

/** The whole part of `hash * total / 2^32`, in two halves because their product is too large to be exact. */
function scaled(hash: number, total: number): number {
  const high = hash * (total >>> 16);
  const low = hash * (total & 0xffff);
  return Math.floor((high + Math.floor(low / 2 ** 16)) / 2 ** 16);
}

interface Part {
  readonly variant: unknown;
  readonly weight: number;
}

function partsOf(entries: readonly unknown[]): readonly Part[] | undefined {
  const parts = entries.map(partOf);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function partOf(entry: unknown): Part | undefined {
  if (!Array.isArray(entry) || entry.length === 0 || entry.length > 2) return undefined;
  const [variant = null, weight = 1] = entry as readonly unknown[];
  if (typeof variant === 'object' && variant !== null) return undefined;
  if (entry.length === 2 && (entry[1] === undefined || !Number.isInteger(weight))) return undefined;
  return { variant, weight: Math.max(0, weight as number) };
}
