import type { Evaluation } from '@spillway/evaluator';

/** Twice as many are held at most: those asked for last, and those before them. */
const MAX_PER_GENERATION = 32_768;

/**
 * Makes something of an answer once, where the evaluator gives it again and again; these it has frozen. One with a trace or
 * an error is not kept. Not a WeakMap, whose entries are visited in the one part of a collection of garbage that cannot be divided.
 */
export function remembering<T>(
  make: (evaluation: Evaluation) => T,
  maxPerGeneration: number = MAX_PER_GENERATION,
): (evaluation: Evaluation) => T {
  let young = new Map<Evaluation, T>();
  let old = new Map<Evaluation, T>();
  return (evaluation) => {
    const known = young.get(evaluation);
    if (known !== undefined) return known;
    const made = old.get(evaluation) ?? make(evaluation);
    if (!Object.isFrozen(evaluation)) return made;
    if (young.size >= maxPerGeneration) {
      old = young;
      young = new Map();
    }
    young.set(evaluation, made);
    return made;
  };
}
