import type { GatewayRoute } from './route.ts';

/** Something that requests can be matched to. */
export interface Matchable {
  readonly route: GatewayRoute;
}

/** Host first, then the longest path prefix that ends at a segment. A route for the host outranks routes for any host. */
export interface RouteTable<T extends Matchable> {
  readonly byHost: ReadonlyMap<string, readonly Entry<T>[]>;
  readonly anyHost: readonly Entry<T>[];
}

interface Entry<T> {
  readonly prefix: string;
  readonly target: T;
}

const ANY_HOST = '';

export function buildTable<T extends Matchable>(targets: Iterable<T>): RouteTable<T> {
  const byHost = new Map<string, Entry<T>[]>();
  for (const target of targets) {
    const host = target.route.hostname?.toLowerCase() ?? ANY_HOST;
    const entries = byHost.get(host) ?? [];
    entries.push({ prefix: withoutTrailingSlash(target.route.path_prefix), target });
    byHost.set(host, entries);
  }
  for (const entries of byHost.values()) entries.sort((a, b) => b.prefix.length - a.prefix.length);
  const anyHost = byHost.get(ANY_HOST) ?? [];
  byHost.delete(ANY_HOST);
  return { byHost, anyHost };
}

/** `host` as in the Host header; `path` in origin form, with or without query. */
export function match<T extends Matchable>(table: RouteTable<T>, host: string, path: string): T | undefined {
  const entries = table.byHost.size === 0 ? undefined : table.byHost.get(hostnameOf(host));
  return (entries && longest(entries, path)) ?? longest(table.anyHost, path);
}

/** The service whose requests this route would take away, if any. */
export function clashing(routes: Iterable<GatewayRoute>, candidate: GatewayRoute): GatewayRoute | undefined {
  const prefix = withoutTrailingSlash(candidate.path_prefix);
  for (const route of routes) {
    const samePlace =
      route.hostname?.toLowerCase() === candidate.hostname?.toLowerCase() &&
      withoutTrailingSlash(route.path_prefix) === prefix;
    if (samePlace && route.service !== candidate.service) return route;
  }
  return undefined;
}

function longest<T>(entries: readonly Entry<T>[], path: string): T | undefined {
  for (const { prefix, target } of entries) {
    if (path.startsWith(prefix) && endsSegment(path, prefix.length)) return target;
  }
  return undefined;
}

function endsSegment(path: string, at: number): boolean {
  if (at === path.length) return true;
  const next = path.charCodeAt(at);
  return next === 0x2f || next === 0x3f;
}

function withoutTrailingSlash(prefix: string): string {
  return prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
}

function hostnameOf(host: string): string {
  const lower = host.toLowerCase();
  if (lower.startsWith('[')) return lower.slice(1, Math.max(lower.indexOf(']'), 1));
  const colon = lower.indexOf(':');
  const name = colon === -1 ? lower : lower.slice(0, colon);
  return name.endsWith('.') ? name.slice(0, -1) : name;
}
