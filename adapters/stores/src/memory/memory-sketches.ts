import type { UserSketch, UserSketches } from '@spillway/control/ports';
import { mergeSketches } from '@spillway/statistics';
import { checkInteger } from '../prepared-commit.ts';
import { prepareSketches, sketchId } from '../prepared-sketches.ts';

/** The oracle for sketches of users. */
export function createMemorySketches(checkOpen: () => void): UserSketches {
  const projects = new Map<string, Map<string, UserSketch>>();

  function sketchesOf(project: string): Map<string, UserSketch> {
    checkOpen();
    const known = projects.get(project) ?? new Map<string, UserSketch>();
    projects.set(project, known);
    return known;
  }

  return {
    async merge(project, sketches) {
      const kept = sketchesOf(project);
      for (const { environment, flag, variant, part, at_ms, sketch } of prepareSketches(sketches)) {
        const of = { environment, flag, variant, part, at_ms };
        const known = kept.get(sketchId({ ...of, sketch }));
        const merged = known === undefined ? sketch : mergeSketches(known.sketch, sketch);
        kept.set(sketchId({ ...of, sketch }), { ...of, sketch: merged });
      }
    },
    async of(project, flag, { hour_ms, day_ms }) {
      checkInteger('hour_ms', hour_ms);
      checkInteger('day_ms', day_ms);
      return [...sketchesOf(project).entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([, sketch]) => sketch)
        .filter((one) => one.flag === flag && one.at_ms >= (one.part === 'hour' ? hour_ms : day_ms));
    },
    async forget(project, { hour_ms, day_ms }) {
      checkInteger('hour_ms', hour_ms);
      checkInteger('day_ms', day_ms);
      const kept = sketchesOf(project);
      for (const [id, { part, at_ms }] of kept) if (at_ms < (part === 'hour' ? hour_ms : day_ms)) kept.delete(id);
    },
  };
}
