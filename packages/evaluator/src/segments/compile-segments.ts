import { broken } from '../broken.ts';
import { compileCondition, type FindSegment } from '../conditions/compile-condition.ts';
import { isUnchanged } from '../same.ts';
import type { Snapshot } from '../snapshot.ts';
import type { SegmentForm } from './segment-form.ts';

export interface CompiledSegments {
  readonly find: FindSegment;
  readonly forms: ReadonlyMap<string, SegmentForm>;
}

/** Compiles segments when a flag first asks for them; those that nothing uses cost nothing. */
export function compileSegments(
  definitions: Snapshot['segments'],
  previous: ReadonlyMap<string, SegmentForm> | undefined,
): CompiledSegments {
  const forms = new Map<string, SegmentForm>();
  const open = new Set<string>();
  const find: FindSegment = (key) => {
    const known = forms.get(key);
    if (known !== undefined) return known;
    if (open.has(key)) return broken(`the segment ${key} contains itself`);
    open.add(key);
    try {
      const form = compileSegment(key, previous?.get(key));
      forms.set(key, form);
      return form;
    } finally {
      open.delete(key);
    }
  };
  const compileSegment = (key: string, before: SegmentForm | undefined): SegmentForm => {
    const definition = Object.hasOwn(definitions, key) ? definitions[key] : undefined;
    if (definition === undefined) return broken(`the segment ${key} is not known`);
    if (before !== undefined && isUnchanged(before.definition, definition) && areCurrent(before.uses, find)) {
      return before;
    }
    const { find: findAndNote, uses } = noting(find);
    return { definition, when: compileCondition(definition.when, findAndNote), uses };
  };
  return { find, forms };
}

/** Notes which segments are found. */
export function noting(find: FindSegment): { readonly find: FindSegment; readonly uses: Map<string, SegmentForm> } {
  const uses = new Map<string, SegmentForm>();
  const findAndNote: FindSegment = (key) => {
    const form = find(key);
    uses.set(key, form);
    return form;
  };
  return { find: findAndNote, uses };
}

export function areCurrent(uses: ReadonlyMap<string, SegmentForm>, find: FindSegment): boolean {
  for (const [key, form] of uses) if (find(key) !== form) return false;
  return true;
}
