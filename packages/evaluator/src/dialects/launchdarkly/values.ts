import { parseInstant } from '../../conditions/instants.ts';
import { parseStrictVersion, type StrictVersion } from '../strict-versions.ts';

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

const DATE = /^(\d{4}-\d\d-)(\d\d)T(\d\d)(:\d\d:\d\d)(\.\d+)?(?:Z|([+-]\d\d):?(\d\d))$/;
const LONGEST_MONTH = 31;
const DAY = 86_400_000;
const END_OF_DAY = /^:00:00(?:\.0*)?$/;

/**
 * Dates of RFC 3339, whose offset may lack its colon; beyond milliseconds, fractions have no part in it. As its SDK for
 * JavaScript has it, days that a month lacks are those of the next one, and a day has an hour 24 at its end.
 */
export function asInstant(value: unknown): number | undefined {
  if (typeof value !== 'string') return parseInstant(value);
  const found = DATE.exec(value);
  if (found === null) return undefined;
  const [, month, day, hour, rest = '', fraction = '', sign, minutes] = found;
  if (Number(day) < 1 || Number(day) > LONGEST_MONTH) return undefined;
  const isEnd = hour === '24' && END_OF_DAY.test(rest + fraction);
  const offset = sign === undefined ? 'Z' : `${sign}:${minutes}`;
  const first = parseInstant(`${month}01T${isEnd ? '00' : hour}${rest}${fraction.slice(0, 4)}${offset}`);
  return first === undefined ? undefined : first + (Number(day) - 1 + (isEnd ? 1 : 0)) * DAY;
}

/** Read strictly, or else with what is missing of its three numbers filled in. */
export function asVersion(value: unknown): StrictVersion | undefined {
  if (typeof value !== 'string' || value.startsWith('v')) return undefined;
  const filled = value.replace(
    /^(\d+)(\.\d+)?(\.\d+)?/,
    (_, major, minor = '.0', patch = '.0') => major + minor + patch,
  );
  return parseStrictVersion(value) ?? parseStrictVersion(filled);
}
