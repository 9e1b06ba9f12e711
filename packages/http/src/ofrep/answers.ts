import { createHash } from 'node:crypto';
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
function ofrepAnswer(evaluation: Evaluation): OfrepAnswer {
  const { flagKey: key, value, variant, reason, errorCode, errorMessage, flagMetadata: metadata } = evaluation;
  if (errorCode !== undefined) return { key, errorCode, errorDetails: errorMessage ?? errorCode };
  return variant === undefined ? { key, value, reason, metadata } : { key, value, reason, variant, metadata };
}

export function ofrepStatus({ errorCode }: Evaluation): 200 | 400 | 404 {
  if (errorCode === undefined) return 200;
  return errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
}

const texts = new WeakMap<Evaluation, string>();

/** As JSON; made once for an answer that the evaluator gives again and again, which is one that it froze. */
export function ofrepText(evaluation: Evaluation): string {
  const known = texts.get(evaluation);
  if (known !== undefined) return known;
  const text = JSON.stringify(ofrepAnswer(evaluation));
  if (Object.isFrozen(evaluation)) texts.set(evaluation, text);
  return text;
}

/** All flags as JSON, and the strong ETag that tells one such text from another. */
export function ofrepBulk(
  configuration: number,
  evaluations: readonly Evaluation[],
): { readonly text: string; readonly etag: string } {
  const text = `{"flags":[${evaluations.map(ofrepText).join(',')}],"metadata":{"configuration":${configuration}}}`;
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}
