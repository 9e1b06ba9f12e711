import {
  type Answer,
  type Body,
  type Channel,
  type ChannelRequest,
  type ListenAddress,
  notFound,
  openChannel,
  refusal,
} from '@spillway/private-channel';
import type { RouteFile } from '../routes/file.ts';
import { type GatewayRoute, parseRoute } from '../routes/route.ts';
import type { Services } from '../routes/services.ts';
import { clashing } from '../routes/table.ts';

export const ROUTES_MAX = 1_000;

export interface AdminParts {
  readonly services: Services;
  readonly file: RouteFile;
  readonly epoch: string;
  readonly token: string;
  readonly listen: ListenAddress;
}

/** The control side: `PUT|GET|DELETE /routes/<service>`, `GET /routes`, `GET /metrics`, `GET /health`. */
export function openAdmin(parts: AdminParts): Promise<Channel> {
  // Routes are changed one after another: what is on disk and what is served never part.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<Answer>): Promise<Answer> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const { token, listen } = parts;
  return openChannel({ token, listen, owner: 'gateway', handle: (request) => answer(request, parts, inTurn) });
}

async function answer(
  request: ChannelRequest,
  parts: AdminParts,
  inTurn: (work: () => Promise<Answer>) => Promise<Answer>,
): Promise<Answer> {
  if (request.method === 'GET') return read(request, parts);
  const service = serviceIn(request);
  if (service === undefined) return notFound(request.path);
  if (request.method === 'PUT') {
    const body = await request.json();
    return inTurn(() => put(service, body, parts));
  }
  if (request.method === 'DELETE') return inTurn(() => remove(service, parts));
  return refusal(405, 'method_not_allowed', undefined, 'Routes take GET, PUT and DELETE.');
}

function read(request: ChannelRequest, { services, epoch }: AdminParts): Answer {
  const { path } = request;
  if (path === '/health') return { status: 200, body: { status: 'ok', epoch, routes: services.routes().length } };
  if (path === '/routes') return { status: 200, body: { routes: services.routes() } };
  if (path === '/metrics') return { status: 200, body: { epoch, at_ms: Date.now(), services: services.readings() } };
  const service = serviceIn(request);
  const route = service === undefined ? undefined : services.route(service);
  return route ? { status: 200, body: route } : notFound(path);
}

async function put(service: string, body: Body, { services, file }: AdminParts): Promise<Answer> {
  if (body.is === 'refused') return body.answer;
  const parsed = parseRoute(body.value);
  if (parsed.is === 'refused') return refusal(400, 'invalid', parsed.field, parsed.message);
  const { route } = parsed;
  if (route.service !== service)
    return refusal(400, 'invalid', 'service', `The path names ${service}, the body ${route.service}.`);
  const others = services.routes().filter((each) => each.service !== service);
  const rival = clashing(others, route);
  if (rival) {
    const place = `${route.hostname ?? 'any host'} ${route.path_prefix}`;
    return refusal(
      409,
      'conflict',
      'path_prefix',
      `${place} is already routed to ${rival.service}; choose another prefix or hostname.`,
    );
  }
  if (others.length >= ROUTES_MAX) return refusal(409, 'too_many', undefined, `At most ${ROUTES_MAX} routes.`);
  if (!isSame(services.route(service), route)) {
    await file.save([...others, route]);
    services.apply(route);
  }
  return { status: 200, body: route };
}

async function remove(service: string, { services, file }: AdminParts): Promise<Answer> {
  if (services.route(service)) {
    await file.save(services.routes().filter((each) => each.service !== service));
    services.remove(service);
  }
  return { status: 204, body: undefined };
}

function isSame(current: GatewayRoute | undefined, wanted: GatewayRoute): boolean {
  return current !== undefined && JSON.stringify(current) === JSON.stringify(wanted);
}

function serviceIn({ names }: ChannelRequest): string | undefined {
  const [noun, service] = names;
  return noun === 'routes' && names.length === 2 && service !== '' ? service : undefined;
}
