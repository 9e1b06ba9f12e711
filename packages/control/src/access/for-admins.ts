import type { Outcome } from '@spillway/core';
import type { Call } from '../call.ts';
import { requireAdmin } from './permission.ts';

type UseCase = (call: Call, ...rest: never[]) => Promise<Outcome<unknown>>;

/** Use cases for admins alone: of other calls nothing runs, and the answer says which key it was that may not. */
export function forAdmins<U extends Readonly<Record<keyof U, UseCase>>>(useCases: U): U {
  const guarded = Object.entries<UseCase>(useCases).map(([name, useCase]) => [name, forAdmin(useCase)]);
  // Each has the parameters and answers of the one it stands before, which `fromEntries` cannot know.
  return Object.fromEntries(guarded) as U;
}

function forAdmin(useCase: UseCase): UseCase {
  return async (call, ...rest) => {
    const admin = requireAdmin(call);
    return admin.ok ? useCase(call, ...rest) : admin;
  };
}
