import { problemOf } from './broken.ts';
import { type BoundFlag, type Configuration, UNDECIDED } from './configuration.ts';
import { compileFlag } from './flags/compile-flag.ts';
import { BROKEN, type FlagForm, OFF } from './flags/flag-form.ts';
import { isUnchanged } from './same.ts';
import { areCurrent, type CompiledSegments, compileSegments } from './segments/compile-segments.ts';
import type { FlagDefinition, Snapshot } from './snapshot.ts';
import { compileOverlay } from './switches/overlay.ts';

/**
 * Compiles a snapshot; with `previous`, flags that did not change keep their compiled form. A flag whose definition is
 * broken answers ERROR; the others are not touched by it.
 */
export function compile(snapshot: Snapshot, previous?: Configuration): Configuration {
  const before = previous !== undefined && isSameEnvironment(previous.snapshot, snapshot) ? previous : undefined;
  const segments = compileSegments(snapshot.segments, before?.segments);
  const overlay = compileOverlay(snapshot.switches);
  const flags = new Map<string, BoundFlag>();
  for (const [key, definition] of Object.entries(snapshot.flags)) {
    const compiled = formOf(definition, before?.flags.get(key)?.form, segments);
    flags.set(key, bind(key, snapshot.number, compiled, overlay));
  }
  return { snapshot, number: snapshot.number, flags, segments: segments.forms };
}

type Compiled = FlagForm | { readonly problem: string };

function formOf(definition: FlagDefinition, before: FlagForm | undefined, segments: CompiledSegments): Compiled {
  try {
    if (before !== undefined && isUnchanged(before.definition, definition) && areCurrent(before.uses, segments.find)) {
      return before;
    }
  } catch {
    // A segment it used is broken now: compiling it anew says so.
  }
  try {
    return compileFlag(definition, segments.find);
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function bind(key: string, number: number, compiled: Compiled, overlay: (flag: FlagDefinition) => string | undefined) {
  if ('problem' in compiled) {
    const { problem } = compiled;
    return { form: undefined, key, number, killSwitch: undefined, settled: BROKEN, problem, answers: [] };
  }
  const { definition, live } = compiled;
  const killSwitch = definition.enabled ? overlay(definition) : undefined;
  const problem = 'problem' in live ? live.problem : undefined;
  const settled = !definition.enabled || killSwitch !== undefined ? OFF : settledLive(live);
  return { form: compiled, key, number, killSwitch, settled, problem, answers: [] };
}

function settledLive(live: FlagForm['live']): number {
  return 'problem' in live ? BROKEN : (live.constant ?? UNDECIDED);
}

function isSameEnvironment(one: Snapshot, other: Snapshot): boolean {
  return one.project === other.project && one.environment === other.environment;
}
