import type { Flag, KillSwitch } from '../../documents.ts';

/** Fired switches that are obeyed before this flag's configuration in the environment. */
export function killedBy(
  flag: Pick<Flag, 'key' | 'services'>,
  environment: string,
  switches: readonly KillSwitch[],
): readonly KillSwitch[] {
  return switches.filter(
    (item) =>
      item.state.is === 'triggered' &&
      (item.environments.length === 0 || item.environments.includes(environment)) &&
      (item.scope === 'global' ||
        (item.scope === 'feature' && item.affects.includes(flag.key)) ||
        (item.scope === 'service' && flag.services.some((service) => item.affects.includes(service)))),
  );
}
