import { problemOf } from './broken.ts';
import type { Configuration } from './configuration.ts';
import { prepared } from './prepare.ts';

/** Something in a snapshot that does not do what it says. */
export interface Problem {
  readonly noun: 'flags' | 'segments' | 'switches';
  readonly key: string;
  readonly problem: string;
}

/** Everything in the snapshot that is broken, or refers to what is not there; prepares every flag and segment. */
export function problemsIn({ snapshot, flags, segments }: Configuration): readonly Problem[] {
  const found: Problem[] = [];
  for (const flag of flags.values()) {
    const { key, problem, prerequisites, form } = prepared(flag);
    if (problem !== undefined) found.push({ noun: 'flags', key, problem });
    const asked = [...prerequisites.map(({ source }) => source.flag), ...(form?.asked ?? [])];
    for (const required of new Set(asked)) {
      if (flags.has(required)) continue;
      found.push({ noun: 'flags', key, problem: `the flag ${required}, which it requires, is not known` });
    }
  }
  const named = new Set([...Object.keys(snapshot.segments), ...segments.forms.keys()]);
  for (const key of named) {
    const problem = segmentProblem(key, segments);
    if (problem !== undefined) found.push({ noun: 'segments', key, problem });
  }
  for (const { key, scope, affects } of Object.values(snapshot.switches)) {
    if (scope !== 'user_segment') continue;
    for (const segment of affects) {
      if (Object.hasOwn(snapshot.segments, segment)) continue;
      found.push({ noun: 'switches', key, problem: `the segment ${segment}, which it covers, is not known` });
    }
  }
  return found;
}

function segmentProblem(key: string, { find }: Configuration['segments']): string | undefined {
  try {
    const form = find(key);
    return form.is === 'empty' ? form.problem : undefined;
  } catch (error) {
    return problemOf(error);
  }
}
