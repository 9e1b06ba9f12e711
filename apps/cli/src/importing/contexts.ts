import type { EvaluationContext, Json } from '@spillway/evaluator';
import { configCat } from './configcat/contexts.ts';
import type { Dialect } from './dialects.ts';
import { flagsmith } from './flagsmith/contexts.ts';
import { growthBook } from './growthbook/contexts.ts';
import { isSource } from './source.ts';
import { instantOf } from './unleash/constraints.ts';

/** Conditions of a dialect read its contexts as they are; only what an engine refuses or rewrites first is done here. */
export function readerOf(dialect: Dialect): (context: EvaluationContext) => EvaluationContext | string {
  return READERS[dialect];
}

const READERS = {
  configcat: configCat,
  flagd: (context: EvaluationContext) => context,
  flagsmith,
  growthbook: growthBook,
  launchdarkly: launchDarkly,
  unleash,
} as const;

function launchDarkly(context: EvaluationContext): EvaluationContext | string {
  const { kind } = context;
  if (kind === undefined) return ofUser(context);
  if (kind !== 'multi') return individual(context, kind) ?? context;
  const kinds = Object.entries(context).filter(([name]) => name !== 'kind');
  if (kinds.length === 0) return 'is of the kind multi and has no kinds in it';
  for (const [name, inner] of kinds) {
    const problem = isSource(inner) ? individual(inner, name) : `has no object for the kind ${name}`;
    if (problem !== undefined) return problem;
  }
  return context;
}

const KIND = /^[-.\w]+$/;

function individual({ key }: Readonly<Record<string, unknown>>, kind: Json): string | undefined {
  if (typeof kind !== 'string' || !KIND.test(kind) || kind === 'kind') return 'has no kind that LaunchDarkly takes';
  return typeof key === 'string' && key !== '' ? undefined : `of the kind ${kind} has no key`;
}

/** A user as SDKs took it before there were kinds: own attributes stand in `custom`. */
function ofUser(user: EvaluationContext): EvaluationContext | string {
  const { key, custom, ...builtIn } = user;
  if (typeof key !== 'string') return 'is a LaunchDarkly user without a key';
  const own = isSource(custom) ? (custom as Readonly<Record<string, Json>>) : {};
  return { ...own, ...builtIn, kind: 'user', key };
}

/** Its SDK reads any date that its language does, which machines do not agree on. */
function unleash(context: EvaluationContext): EvaluationContext | string {
  const { properties, currentTime } = context;
  if (!isSource(properties ?? {})) return 'has properties that are not an object';
  const instant = currentTime ? instantOf(currentTime) : 0;
  return typeof instant === 'number' ? context : 'has a currentTime that is not an RFC 3339 date with an offset';
}
