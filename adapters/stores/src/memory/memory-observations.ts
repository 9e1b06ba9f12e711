import type { FlagPart, HourCount, Observations, Served } from '@spillway/control/ports';
import { checkInteger } from '../prepared-commit.ts';
import { countId, mergeCounts, prepareCounts, sumOf } from '../prepared-counts.ts';

/** The oracle for counts. */
export function createMemoryObservations(checkOpen: () => void): Observations {
  const projects = new Map<string, Map<string, HourCount>>();

  function countsOf(project: string): Map<string, HourCount> {
    checkOpen();
    const known = projects.get(project) ?? new Map<string, HourCount>();
    projects.set(project, known);
    return known;
  }

  return {
    async add(project, counts) {
      const kept = countsOf(project);
      for (const count of prepareCounts(counts)) {
        const { environment, flag, variant, reason, hour_ms, evaluations, last_ms } = count;
        const { first_configuration, last_configuration } = count;
        const copy = {
          ...{ environment, flag, variant, reason, hour_ms, evaluations, last_ms },
          ...{ first_configuration, last_configuration },
        };
        const known = kept.get(countId(count));
        kept.set(countId(count), known === undefined ? copy : mergeCounts(known, copy));
      }
    },
    async hours(project, flag, since_ms) {
      checkInteger('since_ms', since_ms);
      return [...countsOf(project).values()]
        .filter((count) => count.flag === flag && count.hour_ms >= since_ms)
        .sort(
          (one, other) =>
            compare(one.environment, other.environment) ||
            one.hour_ms - other.hour_ms ||
            compare(one.variant ?? '', other.variant ?? '') ||
            compare(one.reason, other.reason),
        );
    },
    async used(project, flags, { from_ms, since_ms }) {
      checkInteger('from_ms', from_ms);
      checkInteger('since_ms', since_ms);
      const wanted = new Set(flags);
      const sums = new Map<string, Served>();
      for (const { environment, flag, variant, evaluations, last_ms, hour_ms } of countsOf(project).values()) {
        if (hour_ms < from_ms || !wanted.has(flag)) continue;
        const used = { environment, flag, variant, evaluations: hour_ms < since_ms ? 0 : evaluations, last_ms };
        const id = `${flag}\0${environment}\0${variant ?? ''}`;
        const known = sums.get(id);
        sums.set(id, known === undefined ? used : sumOf(known, used));
      }
      return [...sums.entries()].sort(([one], [other]) => compare(one, other)).map(([, used]) => used);
    },
    async inParts(project, flags, { since_ms, part_ms }) {
      checkInteger('since_ms', since_ms);
      checkInteger('part_ms', part_ms);
      const wanted = new Set(flags);
      const sums = new Map<string, FlagPart>();
      for (const { flag, hour_ms, evaluations, last_ms } of countsOf(project).values()) {
        if (hour_ms < since_ms || !wanted.has(flag)) continue;
        const part = { flag, at_ms: hour_ms - (hour_ms % part_ms), evaluations, last_ms };
        const id = `${flag}\0${part.at_ms}`;
        const known = sums.get(id);
        sums.set(id, known === undefined ? part : sumOf(known, part));
      }
      return [...sums.values()].sort((one, other) => compare(one.flag, other.flag) || one.at_ms - other.at_ms);
    },
    async earliest(project) {
      const hours = [...countsOf(project).values()].map(({ hour_ms }) => hour_ms);
      return hours.length === 0 ? undefined : hours.reduce((one, other) => Math.min(one, other));
    },
    async forget(project, before_ms) {
      checkInteger('before_ms', before_ms);
      const kept = countsOf(project);
      for (const [id, { hour_ms }] of kept) if (hour_ms < before_ms) kept.delete(id);
    },
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
