import type { Route, Router } from '@spillway/control';
import { parseRoute } from '@spillway/gateway';

/** Keeps routes and sends nothing anywhere: for simulations and tests. Refuses what the gateway refuses. */
export function memoryRouter(): Router {
  const routes = new Map<string, Route>();
  return {
    async apply(route) {
      const parsed = parseRoute(route);
      if (parsed.is === 'refused') throw new Error(parsed.message);
      routes.set(route.service, parsed.route);
    },
    async observe(service) {
      return routes.get(service);
    },
  };
}
