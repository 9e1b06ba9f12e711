import {
  accept,
  describeInManifest,
  type Flag,
  flagAsInManifest,
  flagFromManifest,
  type ManifestFlag,
  type Outcome,
  refuse,
} from '@spillway/core';
import { requireAdmin, requireReader } from '../access/permission.ts';
import type { Call, Versioned } from '../call.ts';
import type { Control } from '../control.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { FlagDirectory } from './directory.ts';
import { refuseOtherKey } from './refusals.ts';
import type { FlagUseCases } from './use-cases.ts';

/** A flag of a manifest, and when it last changed. */
export interface ManifestEntry {
  readonly flag: ManifestFlag;
  readonly updated_at_ms: number;
}

/** A new flag is off everywhere and answers what code would have without it, so nobody has to say why it comes. */
const CREATED = 'Created from an OpenFeature manifest';

/** The flags as a manifest knows them. Every write is one that the use cases of flags make, with their rules and refusals. */
export function createManifestUseCases(deps: {
  readonly useCases: Pick<FlagUseCases, 'get' | 'create' | 'replace' | 'archive' | 'history'>;
  readonly flags: FlagDirectory;
  readonly environments: EnvironmentDirectory;
  readonly follower: LogFollower;
}): Control['manifest'] {
  const { useCases, flags, environments, follower } = deps;

  async function changedAt(call: Call, key: string): Promise<Outcome<number>> {
    const newest = await useCases.history(call, key, { limit: 1 });
    return newest.ok ? accept(newest.value.items[0]?.at_ms ?? 0) : newest;
  }

  async function entry(call: Call, written: Outcome<Versioned<Flag>>): Promise<Outcome<ManifestEntry>> {
    if (!written.ok) return written;
    const at = await changedAt(call, written.value.key);
    return at.ok ? accept({ flag: describeInManifest(written.value), updated_at_ms: at.value }) : at;
  }

  /** The flag, unless it is archived. */
  async function active(call: Call, key: string): Promise<Outcome<Versioned<Flag>>> {
    const found = await useCases.get(call, key);
    return found.ok && found.value.lifecycle === 'archived' ? refuseArchived(key) : found;
  }

  return {
    async list(call) {
      // With a key, the defaults are those of its environment: it may know nothing of others.
      const reader = call.principal.kind === 'admin' ? undefined : requireReader(call);
      if (reader?.ok === false) return reader;
      await follower.catchUp();
      const known = flags.inOrder().filter(({ lifecycle }) => lifecycle === 'active');
      return accept({ flags: known.map((flag) => describeInManifest(flag, reader?.value.environment)) });
    },
    async create(call, input) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await follower.catchUp();
      const flag = flagFromManifest(input, environments.keys);
      if (!flag.ok) return flag;
      return entry(call, await useCases.create({ ...call, reason: call.reason ?? CREATED }, flag.value));
    },
    async update(call, key, input) {
      if (input.key !== key) return refuseOtherKey(key);
      const found = await active(call, key);
      if (!found.ok) return found;
      const { version, ...flag } = found.value;
      const wanted = flagAsInManifest(flag, input, environments.keys);
      if (!wanted.ok) return wanted;
      // Also of one that stays as it is, the version may be another than the caller knows.
      const isKnown = call.expected_version === undefined || call.expected_version === version;
      if (wanted.value === undefined && isKnown) return entry(call, found);
      const expected_version = call.expected_version ?? version;
      return entry(call, await useCases.replace({ ...call, expected_version }, key, wanted.value ?? flag));
    },
    async archive(call, key) {
      const found = await active(call, key);
      if (!found.ok) return found;
      const archived = await useCases.archive(call, key);
      if (!archived.ok) return archived;
      const at = await changedAt(call, key);
      return at.ok ? accept({ archived_at_ms: at.value }) : at;
    },
  };
}

function refuseArchived(key: string) {
  return refuse('conflict', `The flag ${key} is archived. Bring it back in the dashboard or by replacing it there.`, {
    fields: [{ field: '/key', message: 'belongs to an archived flag' }],
  });
}
