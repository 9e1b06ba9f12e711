import type { Measurement, MembershipMark, Memberships } from '@spillway/control/ports';
import { checkIndexedText, checkPage } from '../prepared-commit.ts';
import { checkWhole } from '../prepared-profiles.ts';

/** `checkOpen` throws once the store is closed. */
export function createMemoryMemberships(checkOpen: () => void): Memberships {
  let measurements: { readonly project: string; readonly measurement: Measurement }[] = [];
  const marks = new Map<string, MembershipMark>();
  return {
    async record(project, measurement, mark) {
      checkOpen();
      checkIndexedText('project', project);
      checkIndexedText('segment', mark.segment);
      checkWhole('at_ms', measurement.at_ms);
      const { segment, at_ms } = measurement;
      const isOther = (one: (typeof measurements)[number]) =>
        one.project !== project || one.measurement.segment !== segment || one.measurement.at_ms !== at_ms;
      measurements = [...measurements.filter(isOther), { project, measurement: { ...measurement } }];
      marks.set(`${project}\0${mark.segment}`, { ...mark });
    },
    async mark(project, segment) {
      checkOpen();
      return structuredClone(marks.get(`${project}\0${segment}`));
    },
    async history(project, segment, limit) {
      checkOpen();
      checkPage(limit);
      return measurements
        .filter((one) => one.project === project && one.measurement.segment === segment)
        .map(({ measurement }) => structuredClone(measurement))
        .sort((one, other) => other.at_ms - one.at_ms)
        .slice(0, limit);
    },
    async forgetBefore(project, at_ms) {
      checkOpen();
      checkWhole('at_ms', at_ms);
      measurements = measurements.filter((one) => one.project !== project || one.measurement.at_ms >= at_ms);
    },
  };
}
