import type { Router } from '@spillway/control';
import { gatewayAdmin } from '@spillway/gateway';
import type { ChannelAddress } from '@spillway/private-channel';

/** Sends shares through the built-in gateway, over its admin API. */
export function gatewayRouter(address: ChannelAddress, token: string): Router {
  const admin = gatewayAdmin(address, token);
  return {
    apply: (route) => admin.putRoute(route),
    observe: (service) => admin.route(service),
  };
}
