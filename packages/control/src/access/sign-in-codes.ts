import type { Clock, Random, Sha256 } from '../ports/index.ts';

export const SIGN_IN_CODE_MS = 10 * 60_000;
/** Codes waiting to be used; the oldest gives way. */
const MAX_CODES = 100;

/** One-time codes for the sign-in link. In memory only: a restart prints a new link anyway. */
export interface SignInCodes {
  create(): string;
  /** True once for each code, within its time. */
  redeem(code: string): boolean;
}

export function createSignInCodes(deps: {
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
}): SignInCodes {
  const { clock, random, sha256 } = deps;
  const expiries = new Map<string, number>();
  return {
    create() {
      const code = random.secret();
      const [oldest] = expiries.keys();
      if (expiries.size >= MAX_CODES && oldest !== undefined) expiries.delete(oldest);
      expiries.set(sha256(code), clock.monotonic() + SIGN_IN_CODE_MS);
      return code;
    },
    redeem(code) {
      const hash = sha256(code);
      const expiry = expiries.get(hash);
      expiries.delete(hash);
      return expiry !== undefined && clock.monotonic() < expiry;
    },
  };
}
