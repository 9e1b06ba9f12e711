import type { EvaluationContext } from '@spillway/evaluator';

/** A place of the context; undefined when missing or null. */
export function valueAt(context: EvaluationContext, attribute: string, path: readonly string[] = []): unknown {
  let value: unknown = context;
  for (const field of [attribute, ...path]) {
    if (!isRecord(value) || !Object.hasOwn(value, field)) return undefined;
    value = value[field];
  }
  return value === null ? undefined : value;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type Scalar = string | number | boolean;

export function isScalar(value: unknown): value is Scalar {
  return ['string', 'boolean'].includes(typeof value) || isFiniteNumber(value);
}

export function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

interface Version {
  readonly release: readonly bigint[];
  readonly prerelease: readonly string[];
}

/** Semantic Versioning 2.0.0, with a leading `v` and missing minor and patch allowed. */
export function readVersion(text: string): Version | undefined {
  const withoutBuild = text.replace(/\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$/, '');
  const [, release = '', , prerelease] = /^v?([0-9.]+)(-(.*))?$/.exec(withoutBuild) ?? [];
  const numbers = release.split('.');
  const identifiers = prerelease === undefined ? [] : prerelease.split('.');
  if (numbers.length > 3 || !numbers.every((part) => /^(0|[1-9]\d*)$/.test(part))) return undefined;
  if (!identifiers.every((part) => /^[0-9A-Za-z-]+$/.test(part) && !/^0\d+$/.test(part))) return undefined;
  return { release: [...numbers, '0', '0'].slice(0, 3).map(BigInt), prerelease: identifiers };
}

/** -1, 0 or 1, by section 11 of the standard. */
export function orderOfVersions(one: Version, other: Version): number {
  for (const index of [0, 1, 2]) {
    const order = compare(one.release[index] ?? 0n, other.release[index] ?? 0n);
    if (order !== 0) return order;
  }
  if (one.prerelease.length === 0 || other.prerelease.length === 0) {
    return compare(other.prerelease.length, one.prerelease.length);
  }
  for (let index = 0; ; index += 1) {
    const a = one.prerelease[index];
    const b = other.prerelease[index];
    if (a === undefined || b === undefined) return compare(one.prerelease.length, other.prerelease.length);
    const order = orderOfIdentifiers(a, b);
    if (order !== 0) return order;
  }
}

function orderOfIdentifiers(one: string, other: string): number {
  const [a, b] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (a && b) return compare(BigInt(one), BigInt(other));
  if (a || b) return a ? -1 : 1;
  return compare(one, other);
}

function compare<T extends string | number | bigint>(one: T, other: T): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Milliseconds since 1970 of RFC 3339 text or a number. */
export function readInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return isFiniteNumber(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const [day, time] = value.split(/[Tt]/);
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '');
  if (date === null || value.split(/[Tt]/).length > 2) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(Number(date[1]), Number(date[2]) - 1, Number(date[3]));
  if (midnight.toISOString().slice(0, 10) !== day) return undefined;
  if (time === undefined) return midnight.getTime();
  const clock = /^(\d\d):(\d\d)(:(\d\d)(\.\d+)?)?([Zz]|([+-])(\d\d):(\d\d))$/.exec(time);
  if (clock === null) return undefined;
  const [, hour = '', minute = '', , second = '00', fraction = '.0', , sign = '+', offHour = '00', offMinute = '00'] =
    clock;
  if (hour > '23' || minute > '59' || second > '59' || offHour > '23' || offMinute > '59') return undefined;
  const offset = Number(`${sign}1`) * (Number(offHour) * 60 + Number(offMinute));
  const seconds = (Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second);
  return midnight.getTime() + seconds * 1_000 + Number(fraction.slice(1, 4).padEnd(3, '0'));
}
