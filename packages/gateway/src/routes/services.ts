import type { InstanceTimeouts } from '../instances/call.ts';
import { type Instance, InstanceRegistry } from '../instances/instance.ts';
import { VersionCounters, type VersionReading } from '../metrics/counters.ts';
import { FULL_SHARE, type GatewayRoute } from './route.ts';
import { buildTable, match, type RouteTable } from './table.ts';

/** Versions that left their route keep their counters until so many of them wait. */
const RETIRED_VERSIONS_MAX = 256;

/** A version of a service as long as anybody asks for it: it outlives routes, so that its requests and counts do too. */
export interface VersionState {
  readonly service: string;
  readonly name: string;
  readonly counters: VersionCounters;
  /** Empty when the current route does not name the version. */
  instances: readonly Instance[];
}

/** A route ready to answer requests. */
export interface ServiceState {
  readonly route: GatewayRoute;
  readonly stickyHeader: string | undefined;
  readonly stickyCookie: string;
  /** Exclusive upper ends on the line from 0 to `FULL_SHARE`, rising, in the route's order. */
  readonly slices: readonly { readonly end: number; readonly version: VersionState }[];
}

/** All services with their versions, instances and counters; changed as a whole between two requests. */
export class Services {
  readonly #instances: InstanceRegistry;
  readonly #services = new Map<string, ServiceState>();
  readonly #versions = new Map<string, Map<string, VersionState>>();
  #table: RouteTable<ServiceState> = buildTable<ServiceState>([]);

  constructor(timeouts: InstanceTimeouts) {
    this.#instances = new InstanceRegistry(timeouts);
  }

  routes(): readonly GatewayRoute[] {
    return [...this.#services.values()].map((service) => service.route);
  }

  route(service: string): GatewayRoute | undefined {
    return this.#services.get(service)?.route;
  }

  find(host: string, path: string): ServiceState | undefined {
    return match(this.#table, host, path);
  }

  apply(route: GatewayRoute): void {
    const versions = this.#versions.get(route.service) ?? new Map<string, VersionState>();
    this.#versions.set(route.service, versions);
    const before = [...versions.values()].flatMap((version) => version.instances);
    const named = new Set(route.versions.map((each) => each.version));
    for (const version of versions.values()) if (!named.has(version.name)) version.instances = [];
    let end = 0;
    const slices = route.versions.map((each) => {
      const version = versions.get(each.version) ?? newVersion(route.service, each.version);
      versions.delete(each.version);
      versions.set(each.version, version);
      version.instances = [...new Set(each.urls)].map((url) => this.#instances.hold(url));
      end += each.share;
      return { end, version };
    });
    for (const instance of before) this.#instances.release(instance.url);
    forgetOldest(versions);
    this.#services.set(route.service, {
      route,
      stickyHeader: route.sticky.header?.toLowerCase(),
      stickyCookie: route.sticky.cookie,
      slices,
    });
    this.#table = buildTable(this.#services.values());
  }

  /** False when there was no such route. Its counters stay readable. */
  remove(service: string): boolean {
    if (!this.#services.delete(service)) return false;
    for (const version of this.#versions.get(service)?.values() ?? []) {
      for (const instance of version.instances) this.#instances.release(instance.url);
      version.instances = [];
    }
    this.#table = buildTable(this.#services.values());
    return true;
  }

  readings(): Readonly<Record<string, Readonly<Record<string, VersionReading>>>> {
    const all: Record<string, Record<string, VersionReading>> = {};
    for (const [service, versions] of this.#versions) {
      const readings: Record<string, VersionReading> = {};
      for (const version of versions.values()) readings[version.name] = version.counters.read();
      all[service] = readings;
    }
    return all;
  }

  destroy(): void {
    this.#instances.destroy();
  }
}

/**
 * The version for a user's place on the line. A version that comes first only ever grows to the right when its share is
 * raised, so no user leaves it.
 */
export function versionAt(service: ServiceState, bucket: number): VersionState | undefined {
  for (const slice of service.slices) if (bucket < slice.end) return slice.version;
  return service.slices.at(-1)?.version;
}

/** True when every user gets the same version. */
export function hasOneVersion(service: ServiceState): boolean {
  return service.slices[0]?.end === FULL_SHARE;
}

function newVersion(service: string, name: string): VersionState {
  return { service, name, counters: new VersionCounters(), instances: [] };
}

function forgetOldest(versions: Map<string, VersionState>): void {
  let excess = versions.size - RETIRED_VERSIONS_MAX;
  for (const version of versions.values()) {
    if (excess <= 0) return;
    if (version.instances.length > 0 || version.counters.inFlight > 0) continue;
    versions.delete(version.name);
    excess -= 1;
  }
}
