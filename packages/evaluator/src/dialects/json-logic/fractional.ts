import { murmur3Of, murmur3OfUnits } from '../../bucketing/algorithms/murmur3.ts';
import { cborOf } from './cbor.ts';
import type { FractionalHash, Frame } from './node.ts';
import { fieldIn } from './paths.ts';

const MAX_WEIGHTS = 2 ** 31 - 1;

/** The variant that `fractional` chooses; null for what it cannot make sense of. */
export function chosenOf(values: readonly unknown[], frame: Frame): unknown {
  return GENERATIONS[frame.hash ?? 'v2'](values, frame);
}

const GENERATIONS: Readonly<Record<FractionalHash, (values: readonly unknown[], frame: Frame) => unknown>> = {
  v1: (values, frame) => (values.length < 2 ? null : chosenBy(textIn(values, frame), byPercent)),
  v2: (values, frame) => chosenBy(textIn(values, frame), byShare),
  v3: (values, frame) => chosenBy(valueIn(values, frame), byShare),
};

interface Asked {
  /** Unsigned, of 32 bits. */
  readonly hash: number;
  readonly entries: readonly unknown[];
}

/** Text is what is hashed, anything else is the first part of those to choose from. */
function textIn(values: readonly unknown[], { data, flagd }: Frame): Asked | undefined {
  const [first, ...rest] = values;
  if (values.length === 0) return undefined;
  if (typeof first === 'string') return { hash: murmur3OfUnits(first), entries: rest };
  const targetingKey = fieldIn(data, 'targetingKey');
  return targetingKey ? { hash: murmur3OfUnits(`${flagd?.flagKey}${targetingKey}`), entries: values } : undefined;
}

/** A value of any type but a list is what is hashed, unless there is none. */
function valueIn(values: readonly unknown[], { data, flagd }: Frame): Asked | undefined {
  const [first, ...rest] = values;
  if (first === undefined || first === null) return undefined;
  if (!Array.isArray(first)) return { hash: hashOf(first), entries: rest };
  const targetingKey = fieldIn(data, 'targetingKey');
  const isKey = typeof targetingKey === 'string' && targetingKey !== '';
  return isKey ? { hash: hashOf([flagd?.flagKey, targetingKey]), entries: values } : undefined;
}

function hashOf(value: unknown): number {
  return murmur3Of(cborOf(value), 0);
}

type Choose = (hash: number, parts: readonly Part[], total: number) => Part | undefined;

function chosenBy(asked: Asked | undefined, choose: Choose): unknown {
  const parts = asked && partsOf(asked.entries);
  if (parts === undefined) return null;
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return total > MAX_WEIGHTS ? null : (choose(asked?.hash ?? 0, parts, total)?.variant ?? null);
}

function byShare(hash: number, parts: readonly Part[], total: number): Part | undefined {
  const bucket = scaled(hash, total);
  let sum = 0;
  return parts.find(({ weight }) => {
    sum += weight;
    return sum > bucket;
  });
}

const HALF = 2 ** 31;
const WHOLE = 100;

function byPercent(hash: number, parts: readonly Part[], total: number): Part | undefined {
  const bucket = (Math.abs(hash | 0) / HALF) * WHOLE;
  let sum = 0;
  return parts.find(({ weight }) => {
    sum += weight === 0 ? 0 : (weight * WHOLE) / total;
    return sum >= bucket;
  });
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
