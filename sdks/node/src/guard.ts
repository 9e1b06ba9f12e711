import type { Client } from '@spillway/client';
import type { EvaluationContext } from '@spillway/evaluator';

/** Runs code only where a flag is on. */
export interface Guard {
  /** Runs `on` when the flag answers true, otherwise `otherwise`; answers what ran. What they throw is the caller's. */
  withFeature<T, U>(flagKey: string, context: EvaluationContext, on: () => T, otherwise: () => U): T | U;
  /** Undefined when the flag does not answer true, which includes every failure to answer. */
  withFeature<T>(flagKey: string, context: EvaluationContext, on: () => T): T | undefined;
}

export function guardOver(client: Pick<Client, 'boolean'>): Guard {
  return {
    withFeature<T, U>(flagKey: string, context: EvaluationContext, on: () => T, otherwise?: () => U) {
      return client.boolean(flagKey, context, false) ? on() : otherwise?.();
    },
  } as Guard;
}
