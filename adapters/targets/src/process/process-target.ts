import type { Instance, Target } from '@spillway/control';
import type { ChannelAddress } from '@spillway/private-channel';
import { supervisorClient } from './admin/client.ts';

export interface ProcessTargetOptions {
  readonly address: ChannelAddress;
  readonly token: string;
}

/**
 * Runs versions as local processes, which the supervisor owns: they go on when the control plane ends.
 * A version's command, directory and env cannot change while it runs (a version is what its name says): `run` then
 * throws `ChannelRefusal`. Its instances, health check and grace time can. Every method throws
 * `ChannelUnreachable` when the supervisor does not answer.
 */
export function processTarget({ address, token }: ProcessTargetOptions): Target {
  const { call } = supervisorClient(address, token);
  const pathOf = (service: string, rest: string) => `/services/${encodeURIComponent(service)}/${rest}`;
  return {
    async run(service, version) {
      await call('PUT', pathOf(service, `versions/${encodeURIComponent(version.name)}`), version);
    },
    async stop(service, version) {
      await call('DELETE', pathOf(service, `versions/${encodeURIComponent(version)}`));
    },
    async observe(service) {
      const body = await call('GET', pathOf(service, 'instances'));
      return (body as { readonly instances: readonly Instance[] }).instances;
    },
  };
}
