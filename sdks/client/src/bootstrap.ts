import {
  type Configuration,
  type Evaluation,
  type EvaluationContext,
  evaluateAll,
  type Json,
} from '@spillway/evaluator';

/** One user's values, in the form in which browsers get them. */
export interface Bootstrap {
  readonly configuration: number;
  readonly flags: Readonly<Record<string, BootstrapValue>>;
}

export interface BootstrapValue {
  readonly value: Json;
  readonly variant?: string;
  readonly reason: Evaluation['reason'];
  readonly errorCode?: NonNullable<Evaluation['errorCode']>;
}

/** Named field by field: a page's source is read by everybody, so no rule or switch may come along. */
export function bootstrapOf(
  configuration: Configuration | undefined,
  context: EvaluationContext,
  now: number,
): Bootstrap {
  if (configuration === undefined) return { configuration: 0, flags: {} };
  const flags: Record<string, BootstrapValue> = {};
  for (const { flagKey, value, variant, reason, errorCode } of evaluateAll(configuration, context, now)) {
    flags[flagKey] = {
      ...{ value, reason },
      ...(variant === undefined ? {} : { variant }),
      ...(errorCode === undefined ? {} : { errorCode }),
    };
  }
  return { configuration: configuration.number, flags };
}
