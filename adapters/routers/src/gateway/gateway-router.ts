import type { Router } from '@spillway/control';
import { type AdminAddress, gatewayAdmin } from '@spillway/gateway';

/** Sends shares through the built-in gateway, over its admin API. */
export function gatewayRouter(address: AdminAddress, token: string): Router {
  const admin = gatewayAdmin(address, token);
  return {
    apply: (route) => admin.putRoute(route),
    observe: (service) => admin.route(service),
  };
}
