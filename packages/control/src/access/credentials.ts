import type { LogEntry } from '@spillway/core';
import { afterEntry } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { Clock, Sha256, Store } from '../ports/index.ts';
import type { Credential } from './credential.ts';

/** Longer than any secret that was ever issued; what is longer is not worth hashing. */
const MAX_SECRET_LENGTH = 512;

/** Of callers that come again and again; more than these are simply hashed anew. */
const MAX_REMEMBERED = 1_000;

/** Every credential in force, found by the SHA-256 of its secret; kept current from the log, so revoking works at once. */
export interface Credentials {
  find(secret: string): Credential | undefined;
  /** By its key, which is no secret. */
  named(key: string): Credential | undefined;
  inForce(): readonly Credential[];
  expired(): readonly Credential[];
  load(): Promise<void>;
  apply(entry: LogEntry): void;
}

export function createCredentials(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly project: string;
}): Credentials {
  const { clock, sha256 } = deps;
  const byHash = new Map<string, Credential>();
  const hashes = new Map<string, string>();
  /** The hashes of secrets that were found: hashing costs a good part of an evaluation. Never those of strangers. */
  const remembered = new Map<string, string>();

  function put(key: string, credential: Credential | undefined): void {
    remembered.clear();
    const old = hashes.get(key);
    if (old !== undefined) byHash.delete(old);
    hashes.delete(key);
    if (credential === undefined) return;
    hashes.set(key, credential.secret_sha256);
    byHash.set(credential.secret_sha256, credential);
  }

  function isExpired({ expires_at_ms }: Credential): boolean {
    return expires_at_ms !== undefined && expires_at_ms <= clock.now();
  }

  return {
    find(secret) {
      if (secret === '' || secret.length > MAX_SECRET_LENGTH) return undefined;
      const hash = remembered.get(secret) ?? sha256(secret);
      const credential = byHash.get(hash);
      if (credential === undefined || isExpired(credential)) return undefined;
      if (remembered.size < MAX_REMEMBERED) remembered.set(secret, hash);
      return credential;
    },
    named(key) {
      const credential = byHash.get(hashes.get(key) ?? '');
      return credential === undefined || isExpired(credential) ? undefined : credential;
    },
    inForce: () => [...byHash.values()].filter((credential) => !isExpired(credential)),
    expired: () => [...byHash.values()].filter(isExpired),
    async load() {
      for await (const { key, document } of allDocuments(deps, 'access')) put(key, document);
    },
    apply(entry) {
      if (entry.noun === 'access') put(entry.key, afterEntry('access', entry));
    },
  };
}
