import { type EvaluationContext, parseInstant } from '@spillway/evaluator';
import { configCat } from './configcat/contexts.ts';
import type { Dialect } from './dialects.ts';
import { flagsmith } from './flagsmith/contexts.ts';
import { growthBook } from './growthbook/contexts.ts';
import { launchDarkly } from './launchdarkly/contexts.ts';
import { isSource } from './source.ts';

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

/** Its SDK reads any date that its language does; one without an offset is meant where the question is asked. */
function unleash(context: EvaluationContext): EvaluationContext | string {
  const { properties, currentTime } = context;
  if (!isSource(properties ?? {})) return 'has properties that are not an object';
  if (Array.isArray(currentTime)) return 'has a currentTime that is a list';
  if (typeof currentTime !== 'string') return context;
  const instant = new Date(currentTime).getTime();
  if (Number.isNaN(instant)) return currentTime === '' ? context : { ...context, currentTime: 'no date' };
  return parseInstant(currentTime) === instant ? context : { ...context, currentTime: new Date(instant).toISOString() };
}
