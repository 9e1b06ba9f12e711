import { endpoints, type Route, type RouteName, routes } from '@spillway/contract';
import type { Call, Control } from '@spillway/control';
import type { Outcome } from '@spillway/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { check } from './body/check.ts';
import { checkBodyInTurns } from './body/route-body.ts';
import type { Caller } from './credentials.ts';
import { doorHandlers, isDoorRoute } from './door.ts';
import { handlers } from './handlers/index.ts';
import { CAPABILITIES_HEADER, capabilitiesOf } from './manifest/answers.ts';
import { type Door, type Passage, unwrap } from './passage.ts';
import { placed } from './placing.ts';
import { alreadyHas, expectedVersion, idempotencyKey, refuseExpectedVersion } from './preconditions.ts';
import { RequestRefused } from './problem.ts';
import { readQuery } from './query.ts';
import { MAX_UPLOADS, Upload, unsupportedUpload } from './upload/upload.ts';

const NOTHING = z.strictObject({});

/** Any handler, seen without its route's types: the table pairs each with the schemas it was typed by. */
type AnyHandler = (
  control: Control,
  input: { call: Call; params: unknown; query: unknown; body: unknown; upload?: unknown },
) => Promise<Outcome<unknown>>;

/** Puts these routes of the table behind the door. */
export function mountRoutes(
  app: FastifyInstance,
  names: readonly RouteName[],
  door: Door,
  callerOf: (request: FastifyRequest) => Caller | undefined,
): void {
  for (const name of names) {
    const route: Route = routes[name];
    app.route({
      method: route.method,
      url: route.path.replace(/\{(\w+)\}/g, ':$1'),
      config: {
        ...{ name, auth: route.auth },
        ...(route.cross_origin && { crossOrigin: route.cross_origin }),
        ...(route.ticket && { ticket: route.ticket }),
        ...(route.refusals && { refusals: route.refusals }),
        ...(route.upload && { upload: route.upload }),
        ...(route.body_limits && { limits: route.body_limits }),
      },
      ...(route.body_limits && { bodyLimit: route.body_limits.bytes }),
      // A stream has no end that HEAD could describe.
      exposeHeadRoute: route.method === 'GET' && route.success.stream === undefined,
      handler: (request, reply) => answer(name, route, door, { request, reply, caller: callerOf(request) }),
    });
  }
}

async function answer(
  name: RouteName,
  route: Route,
  door: Door,
  { request, reply, caller }: Omit<Passage, 'body' | 'query'>,
): Promise<FastifyReply> {
  if (route.method !== 'GET' && route.conditional !== true) refuseExpectedVersion(request.headers);
  const params = check(route.params ?? NOTHING, request.params ?? {}, 'path');
  const query = check(route.query ?? NOTHING, readQuery(request.url), 'query');
  if (route.upload !== undefined && !(request.body instanceof Upload)) throw unsupportedUpload(route.upload);
  const body = request.body instanceof Upload ? undefined : await checkBodyInTurns(route, request.body);
  if (isDoorRoute(name)) return doorHandlers[name](door, { request, reply, caller, query, body });
  if (caller === undefined) throw new Error(`route ${name} is public but opens a use case`);

  const handle = handlers[name] as unknown as AnyHandler;
  if (route.refusals === 'manifest') reply.header(CAPABILITIES_HEADER, capabilitiesOf(caller.principal));
  const call = describeCall(route, request, caller, query, body);
  const input = { call, params, query, body };
  const outcome =
    request.body instanceof Upload
      ? await whileThereIsRoom(() => handle(door.control, { ...input, upload: request.body }))
      : await handle(door.control, input);
  const value = unwrap(placed(route, outcome));
  if (name === 'revokeToken') await Promise.all([door.hub.recheck(), door.clientHub.recheck()]);
  return send(name, route, request, reply, value);
}

let uploads = 0;

async function whileThereIsRoom<T>(work: () => Promise<T>): Promise<T> {
  if (uploads >= MAX_UPLOADS) {
    throw new RequestRefused('unavailable', `${MAX_UPLOADS} uploads are being read already. Try again in a moment.`, {
      headers: { 'retry-after': '5' },
    });
  }
  uploads += 1;
  try {
    return await work();
  } finally {
    uploads -= 1;
  }
}

function describeCall(route: Route, request: FastifyRequest, caller: Caller, query: unknown, body: unknown): Call {
  const version = route.conditional === true ? expectedVersion(request.headers) : undefined;
  const idempotency = route.method === 'GET' ? undefined : idempotencyKey(request.headers);
  const reason = reasonIn(body) ?? reasonIn(query);
  return {
    principal: caller.principal,
    ...(reason === undefined ? {} : { reason }),
    ...(version === undefined ? {} : { expected_version: version }),
    ...(idempotency === undefined ? {} : { idempotency_key: idempotency }),
  };
}

function reasonIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('reason' in value)) return undefined;
  return typeof value.reason === 'string' ? value.reason : undefined;
}

/** Where a document that was just created is read. */
const LOCATIONS: Partial<Record<RouteName, RouteName>> = {
  createFlag: 'getFlag',
  createSegment: 'getSegment',
  createSwitch: 'getSwitch',
  applyRollout: 'getRollout',
};

function send(
  name: RouteName,
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  value: unknown,
): FastifyReply {
  const { status, body } = route.success;
  if (body === undefined) return reply.code(status).send();
  const { key, version } = value as { readonly key?: unknown; readonly version?: unknown };
  if (typeof version === 'number') {
    const etag = `"${version}"`;
    reply.header('etag', etag);
    if (route.method === 'GET' && alreadyHas(request.headers, etag)) return reply.code(304).send();
  }
  const reader = LOCATIONS[name];
  if (reader !== undefined && typeof key === 'string') {
    reply.header('location', endpoints[reader].path.replace('{key}', encodeURIComponent(key)));
  }
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(value));
}
