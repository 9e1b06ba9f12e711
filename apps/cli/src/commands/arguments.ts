import { type Json, parseInstant } from '@spillway/evaluator';
import { InvalidArgumentError } from 'commander';
import { wrongUrl } from '../connection/server-url.ts';
import { usageFailure } from '../output/failure.ts';

/** Readers of option values. What they refuse is a usage error that names the option, before any server is asked. */

const PAGE_MAX = 500;
const PORT_MAX = 65_535;
const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: DAY_MS };

export const pageSize = wholeNumber(1, PAGE_MAX);
export const portNumber = wholeNumber(0, PORT_MAX);
export const versionNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** A share of users, as text people write: `10`, `0.5`, `10%`. */
export function percentage(text: string): number {
  const value = Number(text.replace(/%$/, ''));
  if (/^\d+(\.\d{1,3})?%?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 100 with at most three decimals.');
}

/** Days in milliseconds. */
export function days(text: string): number {
  return wholeNumber(1, 36_500)(text) * DAY_MS;
}

/** `90s`, `10m`, `1h` or `2d` in milliseconds. */
export function durationMs(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (amount !== undefined && unitMs !== undefined) return Number(amount) * unitMs;
  throw new InvalidArgumentError('It must be like 90s, 10m or 1h.');
}

/** A moment in milliseconds, as people write it. */
export function instant(text: string): number {
  const found = parseInstant(text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError('It must be a time such as 2026-12-24T08:00:00Z.');
}

/** An option that may be given several times. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** The attributes of `--context`. */
export function attributes(text: string): Readonly<Record<string, Json>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, Json>;
  } catch {
    // The same remedy as for all text that is not an object.
  }
  throw usageFailure(`--context must be a JSON object like '{"plan":"pro"}', not ${text}`);
}

/** Names separated by commas; empty text is none of them. */
export function names(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
  };
}

export function serverUrl(text: string): string {
  const wrong = wrongUrl(text);
  if (wrong === undefined) return text;
  throw new InvalidArgumentError(`It ${wrong}.`);
}

/** An address or a name to listen on; none at all would mean every address there is. */
export function listenAddress(text: string): string {
  if (/^[A-Za-z0-9._:%-]+$/.test(text)) return text;
  throw new InvalidArgumentError('It must be an address such as 127.0.0.1 or a name of this machine.');
}

function wholeNumber(min: number, max: number): (text: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };
}
