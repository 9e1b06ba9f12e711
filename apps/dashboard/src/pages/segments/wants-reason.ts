import { useEnvironments } from '../../live/queries.ts';
import { useDependents } from './queries.ts';
import { isUsed } from './used-by.tsx';

/**
 * Whether a change of who belongs wants a reason, as the server decides it: something uses the segment, and an environment
 * is protected. Until both are known, one is asked for.
 */
export function useWantsReason(segment: string): boolean {
  const dependents = useDependents(segment).data;
  const isProtected = useEnvironments().data?.some((environment) => environment.protected) ?? true;
  return isProtected && (dependents === undefined || isUsed(dependents));
}
