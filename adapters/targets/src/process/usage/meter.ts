import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { allPids, readStat } from '../instance/identity.ts';

export const USAGE_INTERVAL_MS = 1_000;
/** Linux reports CPU time to programs in hundredths of a second on every architecture. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  /** Fraction of one core over the last interval; above 1 when several were used. */
  readonly cpu_usage: number;
  /** Resident memory as a fraction of the machine's, or of the limit it is under. */
  readonly memory_usage: number;
}

/** Measures process groups: an app with what it started. */
export interface Meter {
  /** Undefined until two samples saw the group, and where the system does not tell. */
  usage(group: number): Usage | undefined;
  close(): void;
}

interface GroupSample {
  /** By process, so that one that ended between two samples does not count backwards. */
  readonly ticks: Map<number, number>;
  residentBytes: number;
}

interface Sample {
  readonly atMs: number;
  readonly groups: ReadonlyMap<number, GroupSample>;
}

export function startMeter(watched: () => ReadonlySet<number>, intervalMs = USAGE_INTERVAL_MS): Meter {
  let before: Sample | undefined;
  let last: Sample | undefined;
  const memory = memoryBytes();
  const timer = setInterval(() => {
    before = last;
    last = sample(watched());
  }, intervalMs);
  return {
    usage(group) {
      const now = last?.groups.get(group);
      const then = before?.groups.get(group);
      if (now === undefined || then === undefined || last === undefined || before === undefined) return undefined;
      const seconds = (last.atMs - before.atMs) / 1_000;
      const cpu_usage = ticksBetween(then, now) / TICKS_PER_SECOND / seconds;
      return { cpu_usage, memory_usage: now.residentBytes / memory };
    },
    close: () => clearInterval(timer),
  };
}

function ticksBetween(then: GroupSample, now: GroupSample): number {
  let sum = 0;
  for (const [pid, ticks] of now.ticks) sum += Math.max(0, ticks - (then.ticks.get(pid) ?? 0));
  return sum;
}

function sample(watched: ReadonlySet<number>): Sample {
  const groups = new Map<number, GroupSample>();
  const atMs = performance.now();
  if (watched.size === 0) return { atMs, groups };
  for (const pid of allPids()) {
    const stat = readStat(pid);
    if (stat === undefined || !watched.has(stat.group)) continue;
    const group = groups.get(stat.group) ?? { ticks: new Map<number, number>(), residentBytes: 0 };
    group.ticks.set(pid, stat.ticks);
    group.residentBytes += residentBytes(pid);
    groups.set(stat.group, group);
  }
  return { atMs, groups };
}

function residentBytes(pid: number): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

function memoryBytes(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
