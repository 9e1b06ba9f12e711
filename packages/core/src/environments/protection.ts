import { enumerate } from '../problems.ts';
import { accept, type Outcome, refuse } from '../refusal.ts';
import type { Environment } from './environment.ts';

/** Refuses a change without a reason where one is wanted. `touched` are the environments that the change is felt in. */
export function checkReason(touched: readonly Environment[], reason: string | undefined): Outcome<void> {
  const wanting = touched.filter((environment) => environment.protected).map(({ key }) => key);
  if (wanting.length === 0 || (reason ?? '').trim() !== '') return accept(undefined);
  return refuse(
    'invalid',
    `Changes in ${enumerate(wanting)} want a reason, because it is protected. Send the same change again with a reason.`,
    { fields: [{ field: '/reason', message: `must say why, because ${enumerate(wanting)} is protected` }] },
  );
}
