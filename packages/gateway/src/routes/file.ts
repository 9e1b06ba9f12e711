import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '@spillway/private-channel';
import { type GatewayRoute, parseRoute } from './route.ts';

const FILE_NAME = 'gateway-routes.json';
const FORMAT = 1;

export type LoadedRoutes =
  | { readonly is: 'loaded'; readonly routes: readonly GatewayRoute[] }
  | { readonly is: 'none' }
  | { readonly is: 'corrupt'; readonly message: string; readonly keptAs: string };

/** The routes on disk: whole or not at all, whatever happens in between. */
export interface RouteFile {
  /** Never throws for what the file holds: a corrupt one is moved aside, so that the next start is not refused again. */
  load(): Promise<LoadedRoutes>;
  /** Returns when a power cut would keep the routes. Calls are written in order. */
  save(routes: readonly GatewayRoute[]): Promise<void>;
}

export function routeFile(directory: string, now: () => number = Date.now): RouteFile {
  const path = join(directory, FILE_NAME);
  let last: Promise<unknown> = Promise.resolve();
  return {
    load: () => load(path, now),
    save(routes) {
      const saved = last.then(() => replaceFile(path, JSON.stringify({ format: FORMAT, routes }, undefined, 1)));
      last = saved.catch(() => undefined);
      return saved;
    },
  };
}

async function load(path: string, now: () => number): Promise<LoadedRoutes> {
  await mkdir(dirname(path), { recursive: true });
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { is: 'none' };
    throw error;
  }
  const read = parseFile(content);
  if (typeof read !== 'string') return { is: 'loaded', routes: read };
  const keptAs = `${path}.corrupt-${now()}`;
  await rename(path, keptAs);
  return { is: 'corrupt', message: `${path} is not a valid route file: ${read} It is kept as ${keptAs}.`, keptAs };
}

/** The routes, or what is wrong with them. */
function parseFile(content: string): readonly GatewayRoute[] | string {
  let body: unknown;
  try {
    body = JSON.parse(content);
  } catch {
    return 'it is not JSON.';
  }
  if (typeof body !== 'object' || body === null || !('routes' in body) || !Array.isArray(body.routes)) {
    return 'it has no list of routes.';
  }
  if (!('format' in body) || body.format !== FORMAT) return `its format is not ${FORMAT}.`;
  const routes: GatewayRoute[] = [];
  for (const each of body.routes) {
    const parsed = parseRoute(each);
    if (parsed.is === 'refused') return `route ${routes.length}, ${parsed.field}: ${parsed.message}`;
    routes.push(parsed.route);
  }
  return routes;
}
