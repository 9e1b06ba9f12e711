import type { Evaluation, EvaluationContext, Trace } from '@spillway/evaluator';
import type { Answer, Call, Subscription } from '../call.ts';
import type { ClientEvent, ClientValues } from './client-value.ts';

export interface EvaluationUseCases {
  /** An unknown flag is an Evaluation with FLAG_NOT_FOUND. */
  one(call: Call, flag: string, context: EvaluationContext, how?: Asked): Answer<ExplainedEvaluation>;
  many(
    call: Call,
    context: EvaluationContext,
    how?: Asked & { readonly flags?: readonly string[] },
  ): Answer<{ readonly configuration: number; readonly evaluations: readonly ExplainedEvaluation[] }>;
  /** Every flag's answer for one context and nothing of how it came about; this is what browsers get. */
  values(call: Call, context: EvaluationContext): Answer<ClientValues>;
  /** Calls `listener` in order: first with all values, then with those that another configuration changed. */
  follow(call: Call, context: EvaluationContext, listener: (event: ClientEvent) => void): Answer<Subscription>;
  /**
   * Calls `listener` with the number of every configuration that comes after `since` (default: now), and of the current one
   * at once if it is another.
   */
  watch(call: Call, since: number | undefined, listener: (configuration: number) => void): Answer<Subscription>;
}

/** How an evaluation is asked for. */
export interface Asked {
  /** For admins, who have to name it; an SDK principal has its own. */
  readonly environment?: string;
  /** The moment to answer for, if not now: the past has its own configuration, the future the present one. */
  readonly at_ms?: number;
  /** Whether each answer comes with its trace. */
  readonly trace?: boolean;
  /** A configuration that the caller has heard of: a replica that is behind it reads on before it answers. */
  readonly heard_of?: number;
}

export type ExplainedEvaluation = Evaluation & { readonly trace?: Trace };
