import type { Problem } from '@spillway/contract';
import type { ManifestEntry } from '@spillway/control';
import type { Principal } from '@spillway/core';
import { problemDocument, type RequestRefused, STATUS } from '../problem.ts';

export const CAPABILITIES_HEADER = 'x-manifest-capabilities';

/** What OpenFeature's tools may do with these credentials. */
export function capabilitiesOf({ kind }: Principal): string {
  return kind === 'admin' ? 'read,write,delete' : 'read';
}

export function writtenFlag({ flag, updated_at_ms }: ManifestEntry) {
  return { flag, updatedAt: new Date(updated_at_ms).toISOString() };
}

export function archivedFlag(key: string, at_ms: number) {
  const message = `The flag ${key} is archived. Bring it back in the dashboard if it is needed again.`;
  return { message, archivedAt: new Date(at_ms).toISOString() };
}

/**
 * A problem document with the member that OpenFeature's tools read. They know 400 for a field that breaks a rule, and 409
 * for what a protected environment does not let happen.
 */
export function manifestRefusal(
  refused: RequestRefused,
  requestId: string,
): { readonly status: number; readonly body: Problem & ManifestFailure } {
  const status = statusOf(refused);
  const details = refused.fields?.map(({ field, message }) => ({
    field: field.replace(/^\/|[{}]/g, ''),
    code: refused.problem,
    message,
  }));
  return {
    status,
    body: {
      ...problemDocument(refused.problem, refused.message, requestId, refused),
      status,
      error: { message: refused.message, status, ...(details === undefined ? {} : { details }) },
    },
  };
}

interface ManifestFailure {
  readonly error: {
    readonly message: string;
    readonly status: number;
    readonly details?: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  };
}

function statusOf({ problem, fields }: RequestRefused): number {
  if (problem !== 'invalid') return STATUS[problem].status;
  return fields?.some(({ field }) => field === '?reason') === true ? 409 : 400;
}
