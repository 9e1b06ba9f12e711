import type { MetricSource } from '@spillway/control';
import type { VersionCounters } from '@spillway/core';
import { gatewayAdmin } from '@spillway/gateway';
import type { ChannelAddress } from '@spillway/private-channel';

/** What the built-in gateway has counted per version since it started. A service without traffic has no versions. */
export function gatewayMetrics(address: ChannelAddress, token: string): MetricSource {
  const admin = gatewayAdmin(address, token);
  return {
    async read(service) {
      const { epoch, at_ms, services } = await admin.metrics();
      const versions: Record<string, VersionCounters> = {};
      for (const [name, reading] of Object.entries(services[service] ?? {})) {
        const { requests, errors, latency, in_flight } = reading;
        versions[name] = { requests, errors, latency, in_flight };
      }
      return { epoch, at_ms, versions };
    },
  };
}
