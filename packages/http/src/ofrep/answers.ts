import type { Evaluation } from '@spillway/evaluator';

/** One flag's answer in OFREP's form. */
export type OfrepAnswer = OfrepSuccess | OfrepFailure;

export interface OfrepSuccess {
  readonly key: string;
  readonly value: unknown;
  readonly reason: Evaluation['reason'];
  readonly variant?: string;
  readonly metadata: Evaluation['flagMetadata'];
}

export interface OfrepFailure {
  readonly key?: string;
  readonly errorCode: NonNullable<Evaluation['errorCode']>;
  readonly errorDetails: string;
}

/** An answer with an error code carries no value: the provider then serves the code's default, as OFREP wants it. */
export function ofrepAnswer(evaluation: Evaluation): OfrepAnswer {
  const { flagKey: key, value, variant, reason, errorCode, errorMessage, flagMetadata: metadata } = evaluation;
  if (errorCode !== undefined) return { key, errorCode, errorDetails: errorMessage ?? errorCode };
  return variant === undefined ? { key, value, reason, metadata } : { key, value, reason, variant, metadata };
}

export function statusOf(answer: OfrepAnswer): 200 | 400 | 404 {
  if (!('errorCode' in answer)) return 200;
  return answer.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
}
