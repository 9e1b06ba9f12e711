import { dirname } from 'node:path';
import type { VersionSpec } from '@spillway/core';

/** What an app inherits. Everything else the supervisor knows, its secrets first, stays with it. */
const INHERITED = ['HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'SHELL'] as const;
const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface InstanceNames {
  readonly id: string;
  readonly service: string;
  readonly version: string;
  readonly port: number;
}

/** The version's own variables win over inherited ones; `PORT` and the `SPILLWAY_` names are always ours. */
export function environmentOf(
  spec: VersionSpec,
  names: InstanceNames,
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = own[name];
    if (value !== undefined) inherited[name] = value;
  }
  return {
    ...inherited,
    // `node` in a command is the Node that Spillway itself runs on.
    PATH: `${dirname(process.execPath)}:${own.PATH ?? USUAL_PATH}`,
    ...spec.env,
    PORT: String(names.port),
    SPILLWAY_SERVICE: names.service,
    SPILLWAY_VERSION: names.version,
    SPILLWAY_INSTANCE: names.id,
  };
}
