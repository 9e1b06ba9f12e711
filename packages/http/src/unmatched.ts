import { type Route, type RouteName, routes } from '@spillway/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Assets, answerAsset, contentSecurityPolicy, INDEX, NOT_BUILT_PAGE } from './assets.ts';
import { pathOf } from './errors.ts';
import { RequestRefused } from './problem.ts';
import { SOCKET_PATH } from './sockets/door.ts';

function patternOf({ method, path, success }: Route): {
  readonly methods: readonly string[];
  readonly pattern: RegExp;
} {
  return {
    methods: method === 'GET' && success.stream === undefined ? [method, 'HEAD'] : [method],
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  };
}

/** Pages of the dashboard have plain paths; anything stranger is not one of them. */
const PAGE_PATH = /^(?!\/api(?:\/|$))(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*\/?$/;

/** What none of the routes answers: the dashboard's files and pages if there is one, a wrong method, or nothing at all. */
export function createUnmatched(
  names: readonly RouteName[],
  assets: Assets | undefined,
): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const patterns = names.map((name) => patternOf(routes[name]));
  if (assets === undefined) {
    return (request) => {
      refusePlainSocket(request);
      refuseMethod(patterns, request);
      throw new RequestRefused(
        'not_found',
        'Nothing answers at this path; a relay has the doors for applications alone.',
      );
    };
  }
  const policy = contentSecurityPolicy(assets);
  return (request, reply) => {
    const path = pathOf(request.url);
    refusePlainSocket(request);
    refuseMethod(patterns, request);
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (reading) {
      reply.header('content-security-policy', policy);
      if (assets.has(path)) return sendAsset(assets, path, request, reply);
      if (isPage(path, request)) {
        // A page with a document of its own, such as `/emergency`, comes before the dashboard's one document.
        const own = `${path}.html`;
        if (assets.has(own)) return sendAsset(assets, own, request, reply);
        if (assets.has(INDEX)) return sendAsset(assets, INDEX, request, reply);
        return reply.type('text/html; charset=utf-8').send(NOT_BUILT_PAGE);
      }
    }
    throw new RequestRefused(
      'not_found',
      `Nothing answers at this path. ${reading ? 'The API is described at /openapi.json.' : `No route takes ${request.method} here.`}`,
    );
  };
}

/** A request that does not wish to become a WebSocket where nothing else is spoken. */
function refusePlainSocket({ url, method }: FastifyRequest): void {
  if (pathOf(url) !== SOCKET_PATH) return;
  if (method !== 'GET' && method !== 'HEAD') {
    throw new RequestRefused('method_not_allowed', `${SOCKET_PATH} takes GET, not ${method}.`, {
      headers: { allow: 'GET' },
    });
  }
  throw new RequestRefused(
    'upgrade_required',
    `${SOCKET_PATH} is a WebSocket: ask for it with \`Upgrade: websocket\`, and say who you are in the first message.`,
    {
      fields: [{ field: 'Upgrade', message: 'must be websocket' }],
      headers: { upgrade: 'websocket', connection: 'Upgrade' },
    },
  );
}

function refuseMethod(patterns: readonly ReturnType<typeof patternOf>[], { url, method }: FastifyRequest): void {
  const path = pathOf(url);
  const allowed = patterns.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
  if (allowed.length === 0) return;
  throw new RequestRefused('method_not_allowed', `${path} takes ${allowed.join(', ')}, not ${method}.`, {
    headers: { allow: allowed.join(', ') },
  });
}

function isPage(path: string, request: FastifyRequest): boolean {
  return path === '/' || (PAGE_PATH.test(path) && request.headers.accept?.includes('text/html') === true);
}

function sendAsset(assets: Assets, path: string, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asset = assets.get(path);
  if (asset === undefined) throw new RequestRefused('not_found', 'Nothing answers at this path.');
  const answer = answerAsset(path, asset, request.headers);
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}
