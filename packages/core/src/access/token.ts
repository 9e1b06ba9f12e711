import { isKey } from '../key.ts';
import { acceptUnless, collectProblems, enumerate } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import type { TokenKind } from './principal.ts';

export const MAX_TOKEN_NAME_LENGTH = 128;
/** The name becomes the actor of every change made with the token: it is indexed, logged and shown in terminals. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

export interface TokenRequest {
  readonly name: string;
  readonly kind: TokenKind;
  readonly environment?: string | undefined;
  readonly expires_in_ms?: number | undefined;
}

/** What the token is for and how long it is to last, checked; a key belongs to one environment, an admin to none. */
export function checkTokenRequest(request: TokenRequest, environments: ReadonlySet<string>): Outcome<TokenRequest> {
  const problems = collectProblems();
  const { name, kind, environment, expires_in_ms } = request;
  const proper = name.isWellFormed() && !UNPRINTABLE.test(name);
  if (name.trim() === '' || name.length > MAX_TOKEN_NAME_LENGTH || !proper) {
    problems.report('/name', `must be 1 to ${MAX_TOKEN_NAME_LENGTH} characters that can be printed on one line`);
  }
  if (kind !== 'admin' && environment === undefined) {
    problems.report('/environment', 'must be given: a key belongs to one environment');
  }
  if (kind === 'admin' && environment !== undefined) {
    problems.report('/environment', 'must be left out: an admin token is for all environments');
  }
  if (environment !== undefined && !(isKey(environment) && environments.has(environment))) {
    problems.report('/environment', `names an unknown environment; known: ${enumerate(environments)}`);
  }
  if (expires_in_ms !== undefined && !(Number.isSafeInteger(expires_in_ms) && expires_in_ms > 0)) {
    problems.report('/expires_in_ms', 'must be a whole number of milliseconds above 0');
  }
  return acceptUnless(problems, 'The token', request);
}
