import type { EvaluationContext, Json } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/** `{identifier, traits}`, or the engine's own context with an `identity` in it; a trait may be `{value, transient}`. */
export function flagsmith(context: EvaluationContext): EvaluationContext | string {
  const identity = isSource(context.identity) ? context.identity : context;
  const { identifier, traits, key } = identity as EvaluationContext;
  if (identifier !== undefined && identifier !== null && typeof identifier !== 'string')
    return 'has an identifier that is not text';
  if (traits !== undefined && traits !== null && !isSource(traits)) return 'has traits that are not an object';
  const plain = Object.entries(traits ?? {}).map(([name, trait]) => [name, valueIn(trait as Json)] as const);
  return {
    ...(identifier === undefined || identifier === null ? {} : { identifier }),
    ...(key === undefined || key === null ? {} : { key }),
    traits: Object.fromEntries(plain),
  };
}

function valueIn(trait: Json): Json {
  return isSource(trait) && trait.value !== undefined ? (trait.value as Json) : trait;
}
