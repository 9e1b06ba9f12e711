import type { CallInput } from '@spillway/contract';
import { changedDetails, type DetailField, detailChanges, detailsOf } from '@spillway/core/wording';
import type { Flag } from '../../documents.ts';

export { changedDetails, detailChanges, detailsOf };

/** Everything about a flag that does not belong to one environment, and can be changed. */
export type Details = Pick<Flag, DetailField>;

/** Those that change what applications are answered, so that protected environments want a reason. */
const FELT: ReadonlySet<keyof Details> = new Set(['services', 'variants', 'parent', 'target_environments']);

export function isFelt(before: Details, after: Details): boolean {
  return changedDetails(before, after).some((field) => FELT.has(field));
}

/** The whole flag as it is sent, with other details. */
export function inputOf(flag: Flag, details: Details): CallInput<'replaceFlag'>['body'] {
  const { key, type, environments, managed_by: managedBy } = flag;
  return {
    key,
    type,
    ...details,
    environments,
    ...(managedBy === undefined ? {} : { managed_by: managedBy }),
  };
}
