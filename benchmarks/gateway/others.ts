import { readFileSync } from 'node:fs';
import { CLOCK_TICK_MS, cpuMs } from './processes.ts';

/**
 * Starts to watch; the returned function says how many processors were in use since then by processes that this benchmark
 * did not start (0.5 is half of one), or undefined where the system does not tell. Counted in ticks of the clock, so a
 * few hundredths are noise.
 */
export function watchOthers(): () => number | undefined {
  const start = performance.now();
  const before = othersMs();
  return () => {
    const after = othersMs();
    if (before === undefined || after === undefined) return undefined;
    return Math.max(0, (after - before) / (performance.now() - start));
  };
}

function othersMs(): number | undefined {
  try {
    // user, nice, system, idle, iowait, irq, softirq of all processors (proc(5)).
    const all = fieldsOf('/proc/stat').slice(1).map(Number);
    const busy = [0, 1, 2, 5, 6].reduce((sum, field) => sum + (all[field] ?? 0), 0) * CLOCK_TICK_MS;
    const own = fieldsOf('/proc/self/stat', /^.*\) /s);
    // What children have used counts from when they have ended (cutime and cstime); until then they are asked.
    const ended = (Number(own[13]) + Number(own[14])) * CLOCK_TICK_MS;
    return busy - ended - (cpuMs(process.pid) ?? 0);
  } catch {
    return undefined;
  }
}

function fieldsOf(path: string, skipped = /^/): readonly string[] {
  const line = readFileSync(path, 'utf8').split('\n', 1)[0] ?? '';
  return line.replace(skipped, '').trim().split(/\s+/);
}
