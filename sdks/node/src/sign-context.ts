import { createHmac, hash } from 'node:crypto';
import type { EvaluationContext } from '@spillway/evaluator';

export const SIGNED_CONTEXT_MS = 3_600_000;

export interface SigningOptions {
  /** Of the environment that the page's client key belongs to. */
  readonly sdkKey: string;
  /** How long a page may connect with it. An hour when left out. */
  readonly expiresInMs?: number;
}

/**
 * The context for a page's client, vouched for in its attribute `signed_context`: a JSON Web Token (RFC 7519) with the
 * algorithm HS256, whose secret is the SHA-256 of the SDK key in hex. The page can read it, and cannot make another.
 */
export function signContext(
  context: EvaluationContext,
  { sdkKey, expiresInMs = SIGNED_CONTEXT_MS }: SigningOptions,
): EvaluationContext {
  if (sdkKey === '') throw new TypeError('sdkKey is empty; signing a context takes an SDK key of its environment');
  if (!(expiresInMs > 0)) throw new TypeError(`expiresInMs is ${expiresInMs}; give milliseconds, more than 0`);
  const { signed_context: _, ...vouchedFor } = context;
  const exp = Math.ceil((Date.now() + expiresInMs) / 1_000);
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ context: vouchedFor, exp })}`;
  const signature = createHmac('sha256', hash('sha256', sdkKey)).update(signed).digest('base64url');
  return { ...vouchedFor, signed_context: `${signed}.${signature}` };
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
