import type { Instance, Target } from '@spillway/control';
import type { VersionSpec } from '@spillway/core';

const FIRST_PORT = 40_000;

/** A target that runs nothing: what is wanted is healthy at once. For simulations, and as the contract's plainest reading. */
export function memoryTarget(): Target {
  const services = new Map<string, Map<string, readonly Instance[]>>();
  let made = 0;
  const instanceOf = (version: VersionSpec): Instance => {
    made += 1;
    const url = `http://127.0.0.1:${FIRST_PORT + made}`;
    return { id: `${version.name}-${made}`, version: version.name, url, state: 'healthy', restarts: 0 };
  };
  return {
    async run(service, version) {
      const versions = services.get(service) ?? new Map<string, readonly Instance[]>();
      services.set(service, versions);
      const running = [...(versions.get(version.name) ?? [])].slice(0, version.instances);
      while (running.length < version.instances) running.push(instanceOf(version));
      versions.set(version.name, running);
    },
    async stop(service, version) {
      services.get(service)?.delete(version);
    },
    observe: async (service) => [...(services.get(service)?.values() ?? [])].flat(),
  };
}
