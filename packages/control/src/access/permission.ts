import { accept, type Outcome, type Principal, refuse } from '@spillway/core';
import type { Call } from '../call.ts';

type Admin = Extract<Principal, { kind: 'admin' }>;

/** Who may change things and read everything. Asked before every use case that is not for SDKs, for most of them by `forAdmins`. */
export function requireAdmin(call: Call): Outcome<Admin> {
  if (call.principal.kind === 'admin') return accept(call.principal);
  return refuse(
    'forbidden',
    `${LABEL[call.principal.kind]} ${JSON.stringify(call.principal.name)} may only ${MAY[call.principal.kind]} in the environment ${call.principal.environment}. Use an admin token.`,
  );
}

const LABEL = { sdk: 'The SDK key', client: 'The client key' } as const;
const MAY = { sdk: 'read and evaluate', client: 'evaluate' } as const;

/**
 * Who may read one environment, answering which environment that is: an SDK key has its own and may name no other, an
 * admin has to name one.
 */
export function requireReader(call: Call, environment?: string): Outcome<Reader> {
  if (call.principal.kind === 'client') {
    return refuse('forbidden', 'A client key may only have flags evaluated. Use an SDK key, and keep it on servers.');
  }
  return requireEvaluator(call, environment);
}

interface Reader {
  readonly principal: Principal;
  readonly environment: string;
}

/** Who may have flags evaluated, and where: whoever may read, and client keys in their own environment. */
export function requireEvaluator(call: Call, environment?: string): Outcome<Reader> {
  const { principal } = call;
  if (principal.kind !== 'admin') {
    if (environment !== undefined && environment !== principal.environment) {
      return refuse(
        'forbidden',
        `This key belongs to the environment ${principal.environment}. Leave the environment out, or use a key of ${environment}.`,
        { fields: [{ field: '/environment', message: `must be ${principal.environment} or left out` }] },
      );
    }
    return accept({ principal, environment: principal.environment });
  }
  if (environment === undefined) {
    return refuse('invalid', 'An admin has to name the environment. Add `environment`, e.g. "production".', {
      fields: [{ field: '/environment', message: 'must be given' }],
    });
  }
  return accept({ principal, environment });
}
