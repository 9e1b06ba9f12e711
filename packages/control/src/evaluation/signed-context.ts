import { accept, type Outcome, refuse } from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import type { Credentials } from '../access/credentials.ts';
import type { Call } from '../call.ts';
import type { Clock, Sha256, Signatures } from '../ports/index.ts';

/** The attribute of a context in which an application's server vouches for it: a JSON Web Token (RFC 7519). */
export const SIGNED_CONTEXT = 'signed_context';

/** The only header of a token that is read; whatever else a token says of its algorithm makes it a forged one. */
const ALGORITHM = 'HS256';
/** Larger than any context that a body may hold in readable form. */
const MAX_TOKEN_LENGTH = 16_384;
/** Keys of one environment that may have signed; each costs a hash for a forged token. */
const MAX_SIGNERS = 50;
const ENCODED = /^[A-Za-z0-9_-]+$/;

/** Whom an answer is for, given who asks and what context was sent. */
export type SubjectOf = (call: Call, context: EvaluationContext) => Outcome<EvaluationContext>;

export interface SignedContextDeps {
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly signatures: Signatures;
  /** The SDK keys in force there that may have signed, the likeliest first. */
  readonly signers: (environment: string) => readonly Signer[];
  readonly wantsSigned: (environment: string) => boolean;
}

export interface Signer {
  /** Lower-case hex. */
  readonly secret_sha256: string;
}

/**
 * A client key is no secret, so where its environment wants signed contexts, only what one of the
 * environment's SDK keys has signed counts; a signature that is there counts in every environment. The secret of the
 * signature is the SHA-256 of the SDK key in hex, which is all that is kept of the key.
 */
export function subjectsOf(deps: SignedContextDeps): SubjectOf {
  return ({ principal }, context) => {
    if (principal.kind !== 'client') return accept(context);
    const token = Object.hasOwn(context, SIGNED_CONTEXT) ? context[SIGNED_CONTEXT] : undefined;
    if (token !== undefined) return signedContext(deps, principal.environment, token);
    if (!deps.wantsSigned(principal.environment)) return accept(context);
    return forbidden(
      `The environment ${principal.environment} answers client keys for signed contexts only. Have your server sign the context, with signContext of its SDK or as a JSON Web Token, and send it as the attribute ${SIGNED_CONTEXT}.`,
      'is missing',
    );
  };
}

/** Newest first. */
export function signersIn(credentials: Pick<Credentials, 'inForce'>, environment: string): readonly Signer[] {
  return credentials
    .inForce()
    .filter((one) => one.kind === 'sdk' && one.environment === environment)
    .sort((one, other) => other.created_at_ms - one.created_at_ms)
    .slice(0, MAX_SIGNERS);
}

function signedContext(deps: SignedContextDeps, environment: string, token: unknown): Outcome<EvaluationContext> {
  const parts = typeof token === 'string' && token.length <= MAX_TOKEN_LENGTH ? token.split('.') : [];
  const [head = '', payload = '', signature = ''] = parts;
  if (parts.length !== 3 || objectIn(head, deps.signatures)?.alg !== ALGORITHM || !ENCODED.test(payload)) {
    return forbidden(
      'The signed context is no JSON Web Token with the algorithm HS256.',
      'must be a token of three parts',
    );
  }
  if (!isSignedHere(deps, environment, `${head}.${payload}`, signature)) {
    return forbidden(
      `The signature of the context does not fit. Sign with an SDK key of ${environment} that is in force; the secret is its SHA-256 in lower-case hex.`,
      'is not signed by an SDK key of this environment',
    );
  }
  const { exp, nbf, context } = objectIn(payload, deps.signatures) ?? {};
  const seconds = deps.clock.now() / 1_000;
  if (typeof exp !== 'number' || !isRecord(context) || (nbf !== undefined && typeof nbf !== 'number')) {
    return forbidden(
      'The signed context has no `context` or no `exp`, the second since 1970 in which it ends.',
      'must say `context` and `exp`',
    );
  }
  if (seconds >= exp) return forbidden('The signed context has expired. Have it signed anew.', 'has expired');
  if (nbf !== undefined && seconds < nbf)
    return forbidden('The signed context is not in force yet.', 'is not valid yet');
  return accept(context as EvaluationContext);
}

function isSignedHere(deps: SignedContextDeps, environment: string, signed: string, signature: string): boolean {
  const { signers, sha256, signatures } = deps;
  const given = sha256(signature);
  // Digests are compared, so that how long it takes tells nothing of the signature that would be right.
  return signers(environment).some(
    ({ secret_sha256 }) => sha256(signatures.hmacSha256(signed, secret_sha256)) === given,
  );
}

function objectIn(part: string, signatures: Signatures): Readonly<Record<string, unknown>> | undefined {
  if (!ENCODED.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(signatures.fromBase64url(part));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function forbidden(message: string, field: string) {
  return refuse('forbidden', message, { fields: [{ field: `/context/${SIGNED_CONTEXT}`, message: field }] });
}
