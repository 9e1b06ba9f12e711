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
  if (isAlike(naive, compiled) && isDeepStrictEqual(evaluation, compiled.evaluation)) return undefined;
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

/** The same but for the wording of problems, which is free; that there is one is not. */
function isAlike(one: unknown, other: unknown): boolean {
  if (!isGroup(one) || !isGroup(other)) return Object.is(one, other);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(
      (name) => Object.hasOwn(other, name) && isFieldAlike(name, Reflect.get(one, name), Reflect.get(other, name)),
    )
  );
}

function isFieldAlike(name: string, one: unknown, other: unknown): boolean {
  switch (name) {
    case 'problem':
    case 'errorMessage':
      return typeof one === 'string' && typeof other === 'string'
        ? (one === '') === (other === '')
        : isAlike(one, other);
    case 'actual':
    case 'expected':
      // What applications and definitions hold may have fields of any name.
      return isDeepStrictEqual(one, other);
    default:
      return isAlike(one, other);
  }
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
