import type { BoundFlag, Configuration } from './configuration.ts';
import { once } from './once.ts';
import { createBinder, prepared } from './prepare.ts';
import { prerequisiteFaults } from './prerequisites/faults.ts';
import { compileSegments } from './segments/compile-segments.ts';
import type { Snapshot } from './snapshot.ts';
import { compileOverlay } from './switches/overlay.ts';

/** Shared by all flags that have none. */
const UNPREPARED: Pick<BoundFlag, 'answers' | 'guards' | 'prerequisites'> = {
  answers: [],
  guards: [],
  prerequisites: [],
};

/**
 * Makes a snapshot ready; with `previous`, flags that did not change keep their compiled form. Each flag is compiled when
 * it is first asked (`prepareAll` does it at once). A flag whose definition is broken answers ERROR; the others are not
 * touched by it.
 */
export function compile(snapshot: Snapshot, previous?: Configuration): Configuration {
  const segments = compileSegments(snapshot.segments, previous?.segments);
  const flags = new Map<string, BoundFlag>();
  const binder = createBinder({
    segments,
    overlay: compileOverlay(snapshot.switches, segments.find),
    flags,
    faults: once(() => prerequisiteFaults(snapshot.flags)),
  });
  for (const key of Object.keys(snapshot.flags)) {
    const definition = snapshot.flags[key];
    if (definition === undefined) continue;
    flags.set(key, {
      key,
      number: snapshot.number,
      definition,
      always: undefined,
      decide: undefined,
      timeless: false,
      answers: UNPREPARED.answers,
      form: previous?.flags.get(key)?.form,
      guards: UNPREPARED.guards,
      prerequisites: UNPREPARED.prerequisites,
      problem: undefined,
      binder,
    });
  }
  return { snapshot, number: snapshot.number, flags, segments, last: undefined, bulk: undefined };
}

/** Compiles what has not been asked yet, for those who would rather wait now than at the first question. */
export function prepareAll(configuration: Configuration): Configuration {
  for (const flag of configuration.flags.values()) prepared(flag);
  return configuration;
}
