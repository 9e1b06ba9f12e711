import type { EvaluationContext, Json } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/**
 * `{identifier, traits}`, or the engine's own context with an `identity` in it. A trait may be `{value, transient}`, and all
 * of them a list of `{trait_key, trait_value}`, as the product's API takes them.
 */
export function flagsmith(context: EvaluationContext): EvaluationContext | string {
  const identity = isSource(context.identity) ? context.identity : context;
  const { identifier, traits, key } = identity as EvaluationContext;
  if (identifier !== undefined && identifier !== null && !['string', 'number'].includes(typeof identifier))
    return 'has an identifier that is neither text nor a number';
  const named = Array.isArray(traits) ? fromList(traits) : (traits ?? {});
  if (!isSource(named)) return 'has traits that are neither an object nor a list of `{trait_key, trait_value}`';
  const plain = Object.entries(named).map(([name, trait]) => [name, valueIn(trait as Json)] as const);
  return {
    ...(identifier === undefined || identifier === null ? {} : { identifier }),
    ...(key === undefined || key === null ? {} : { key }),
    traits: Object.fromEntries(plain),
  };
}

function fromList(traits: readonly unknown[]): Readonly<Record<string, unknown>> | undefined {
  const named = traits.filter(isSource).filter(({ trait_key: name }) => typeof name === 'string');
  if (named.length < traits.length) return undefined;
  return Object.fromEntries(named.map(({ trait_key: name, trait_value: value }) => [name, value ?? null]));
}

function valueIn(trait: Json): Json {
  return isSource(trait) && trait.value !== undefined ? (trait.value as Json) : trait;
}
