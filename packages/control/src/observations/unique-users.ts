import { emptyRegisters, estimate, mergeInto, type Registers, readSketch, STANDARD_ERROR } from '@spillway/statistics';
import type { PartBounds, UserSketch } from '../ports/index.ts';
import type { UniqueUsers, UniqueUsersSince } from './report.ts';
import { HOUR_MS } from './tally.ts';
import { DAY_MS } from './user-tally.ts';

const DAYS = 35;

/** Where the longest spans of each part begin that a report tells of. */
export function reportedSince(now: number): PartBounds {
  return { hour_ms: hoursBack(now, 24), day_ms: daysBack(now, DAYS) };
}

/** What the sketches of one flag in one environment tell. */
export function uniqueUsersOf(sketches: readonly UserSketch[], now: number): UniqueUsers {
  const hours = sketches.filter(({ part }) => part === 'hour');
  const days = sketches.filter(({ part }) => part === 'day');
  return {
    standard_error: Number(STANDARD_ERROR.toFixed(4)),
    last_24_hours: since(hours, hoursBack(now, 24)),
    last_7_days: since(days, daysBack(now, 7)),
    last_35_days: since(days, daysBack(now, DAYS)),
  };
}

function since(sketches: readonly UserSketch[], from_ms: number): UniqueUsersSince {
  const all = emptyRegisters();
  const variants = new Map<string, Registers>();
  for (const { variant, at_ms, sketch } of sketches) {
    const registers = at_ms < from_ms ? undefined : readSketch(sketch);
    if (registers === undefined) continue;
    mergeInto(all, registers);
    if (variant === null) continue;
    const known = variants.get(variant);
    if (known === undefined) variants.set(variant, registers);
    else mergeInto(known, registers);
  }
  return {
    from: new Date(from_ms).toISOString(),
    total: estimate(all),
    variants: Object.fromEntries([...variants].map(([variant, registers]) => [variant, estimate(registers)])),
  };
}

function hoursBack(now: number, hours: number): number {
  return (Math.floor(now / HOUR_MS) + 1 - hours) * HOUR_MS;
}

function daysBack(now: number, days: number): number {
  return (Math.floor(now / DAY_MS) + 1 - days) * DAY_MS;
}
