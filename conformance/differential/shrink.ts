import { parseSnapshot } from '@spillway/evaluator';
import { type Case, disagreement } from './compare.ts';

const MAX_ATTEMPTS = 20_000;

/** The same disagreement in a smaller case: whatever can be left out or replaced by a part of itself is. */
export function shrink(failing: Case): Case {
  let smallest = failing;
  let attempts = 0;
  for (let shrunk = true; shrunk && attempts < MAX_ATTEMPTS; ) {
    shrunk = false;
    for (const candidate of smaller(smallest)) {
      attempts += 1;
      if (attempts >= MAX_ATTEMPTS || !stillFails(candidate)) continue;
      smallest = candidate;
      shrunk = true;
      break;
    }
  }
  return smallest;
}

function stillFails(candidate: Case): boolean {
  try {
    return parseSnapshot(candidate.snapshot).ok && disagreement(candidate) !== undefined;
  } catch {
    return false;
  }
}

function* smaller(given: Case): Generator<Case> {
  for (const snapshot of reductions(given.snapshot)) yield { ...given, snapshot } as Case;
  for (const context of reductions(given.context)) yield { ...given, context } as Case;
}

/** Each way to leave out one entry, or to put an entry in the place of what holds it. */
function* reductions(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  const all = Object.entries(value);
  for (const [name] of all) {
    const rest = all.filter(([other]) => other !== name);
    yield isList ? rest.map(([, inner]) => inner) : Object.fromEntries(rest);
  }
  for (const [, inner] of all) if (typeof inner === 'object' && inner !== null) yield inner;
  for (const [name, inner] of all) {
    for (const reduced of reductions(inner)) {
      const changed = all.map(([other, kept]) => [other, other === name ? reduced : kept] as const);
      yield isList ? changed.map(([, kept]) => kept) : Object.fromEntries(changed);
    }
  }
}
