import { accept, type Outcome, refuse } from '@spillway/core';
import type { Call, Versioned } from '../call.ts';
import { answered, removed } from '../documents/answered.ts';
import type { Changes } from '../documents/changes.ts';
import type { Credential } from './credential.ts';

export interface CredentialChanges {
  store(call: Call, action: string, credential: Credential): Promise<Outcome<Versioned<Credential>>>;
  remove(call: Call, action: string, key: string): Promise<Outcome<void>>;
}

export function createCredentialChanges({ changes }: { readonly changes: Changes }): CredentialChanges {
  return {
    async store(call, action, credential) {
      const { key, kind, name } = credential;
      const request = { noun: 'access', key, name: 'token', request: { kind, name } } as const;
      return answered(await changes.change(call, request, () => accept({ is: 'write', action, after: credential })));
    },
    async remove(call, action, key) {
      const request = { noun: 'access', key, name: 'token', request: { action } } as const;
      return removed(
        await changes.change(call, request, (credential) => {
          if (credential !== undefined) return accept({ is: 'remove', action });
          return refuse('not_found', `There is no token ${JSON.stringify(key)}. It may have been revoked already.`);
        }),
      );
    },
  };
}

/** What the control plane does to credentials by itself, or for whoever came in by a link. */
export function byOurselves(project: string): Call & { readonly principal: { readonly kind: 'admin' } } {
  return { principal: { kind: 'admin', project, name: 'admin', via: 'session' } };
}
