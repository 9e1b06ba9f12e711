import { isDeepStrictEqual } from 'node:util';
import {
  type Configuration,
  compile,
  type Explanation,
  evaluate,
  explain,
  type Json,
  type Snapshot,
} from '@spillway/evaluator';
import { explain as explainNaively } from '../oracle/evaluate.ts';

/** One question to both, small enough to be kept in a file. */
export interface Case {
  readonly snapshot: Snapshot;
  readonly flag: string;
  readonly context: Json;
  readonly now: number;
}

export interface Disagreement {
  readonly compiled: unknown;
  readonly naive: unknown;
}

export const FALLBACK = 'the fallback';

/** What oracle and evaluator say differently; undefined when they agree on everything but wording. */
export function disagreement(
  { snapshot, flag, context, now }: Case,
  configuration: Configuration = compile(snapshot),
): Disagreement | undefined {
  const naive = ask(explainNaively, snapshot, flag, context, now);
  const evaluation: unknown = Reflect.apply(evaluate, undefined, [configuration, flag, context, now, FALLBACK]);
  const compiled = ask(explain, configuration, flag, context, now);
  const expected = worded(naive);
  const given = worded(compiled);
  if (isDeepStrictEqual(given, expected) && isDeepStrictEqual(evaluation, compiled.evaluation)) return undefined;
  return { compiled: { ...compiled, evaluation }, naive };
}

/** Contexts are any JSON here, as an application written without types may pass them. */
function ask<T>(
  explainer: (of: T, flag: string, context: never, now: number, fallback: Json) => Explanation,
  of: T,
  flag: string,
  context: Json,
  now: number,
): Explanation {
  return Reflect.apply(explainer, undefined, [of, flag, context, now, FALLBACK]);
}

/** Without the wording of problems, which is free; that there is one is not. */
function worded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(worded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isProse = (name === 'problem' || name === 'errorMessage') && typeof inner === 'string';
      return [name, isProse ? inner !== '' : name === 'actual' || name === 'expected' ? inner : worded(inner)];
    }),
  );
}
