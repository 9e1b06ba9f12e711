import { openApiDocument, type RouteName } from '@spillway/contract';
import { definitionsSchema } from '@spillway/contract/definitions';
import { isNotWritten } from '@spillway/control';
import type { Principal } from '@spillway/core';
import type { FastifyReply } from 'fastify';
import { exportChanges } from './audit/doors.ts';
import { crossOriginHeaders } from './client-doors/cross-origin.ts';
import { clientEvaluations, contextIn } from './client-doors/doors.ts';
import { refuseForeignPages, sessionCookie } from './credentials.ts';
import { answerDefinitions, DEFINITIONS_HEADERS } from './definitions/answer.ts';
import type { DoorRoute } from './handlers/handler.ts';
import { ofrepEvaluateFlag, ofrepEvaluateFlags, watchConfigurations } from './ofrep/doors.ts';
import { type Door, known, type Passage, unwrap } from './passage.ts';
import { alreadyHas, lastEventId } from './preconditions.ts';
import { RequestRefused } from './problem.ts';
import { connectionsIn } from './streams/connections.ts';
import type { OpenStream, StreamHub } from './streams/hub.ts';
import { changesOf, clientAccessOf, definitionsOf, type Source, valuesOf } from './streams/sources.ts';
import { openSseLine } from './streams/sse-line.ts';

type DoorHandler = (door: Door, passage: Passage) => Promise<FastifyReply>;

let openApi: string | undefined;
let schemaOfDefinitions: string | undefined;

export const doorHandlers: Readonly<Record<DoorRoute, DoorHandler>> = {
  async health(_, { reply }) {
    return json(reply, { status: 'ok' });
  },

  async ready({ ready }, { reply }) {
    try {
      await ready();
    } catch (error) {
      const why = isNotWritten(error) ? error.message : 'The store does not answer.';
      throw new RequestRefused('unavailable', why, { headers: { 'retry-after': '1' } });
    }
    return json(reply, { status: 'ready' });
  },

  async openapi(_, { reply }) {
    openApi ??= JSON.stringify(openApiDocument());
    return reply.type('application/json; charset=utf-8').send(openApi);
  },

  async definitionsSchema(_, { reply }) {
    schemaOfDefinitions ??= JSON.stringify(definitionsSchema());
    return reply.type('application/schema+json; charset=utf-8').send(schemaOfDefinitions);
  },

  async listConnections({ hub, clientHub }, { reply }) {
    return json(reply, { environments: connectionsIn([...hub.callers(), ...clientHub.callers()]) });
  },

  async signIn({ control, site }, { request, reply, body }) {
    refuseForeignPages(request, site, false);
    // Checked against the route's schema before.
    const { code } = body as { readonly code: string };
    const { secret, principal, expires_at_ms } = unwrap(await control.access.signIn(code));
    reply.header('set-cookie', sessionCookie(site, secret, expires_at_ms));
    return json(reply, describePrincipal(principal));
  },

  async signOut({ control, site, hub }, { reply, caller }) {
    if (caller?.credential.via === 'session') {
      await control.access.signOut(caller.credential.secret);
      await hub.recheck();
    }
    reply.header('set-cookie', sessionCookie(site, '', 0));
    return reply.code(204).send();
  },

  async whoAmI(_, { reply, caller }) {
    return json(reply, describePrincipal(known(caller).principal));
  },

  exportChanges,

  ofrepEvaluateFlag,
  ofrepEvaluateFlags,

  async ofrepEventStream(door, passage) {
    const hub = known(passage.caller).principal.kind === 'client' ? door.clientHub : door.hub;
    return follow(hub, door, passage, watchConfigurations(door, passage));
  },

  clientEvaluations,

  async clientStream(door, passage) {
    return follow(door.clientHub, door, passage, valuesOf(door.control, contextIn(passage.body)));
  },

  async clientAccess({ control }, { request, reply, caller }) {
    const access = unwrap(await control.clientAccess.current({ principal: known(caller).principal }));
    const etag = `"${access.number}"`;
    reply.header('etag', etag).header('cache-control', 'no-cache');
    return alreadyHas(request.headers, etag) ? reply.code(304).send() : json(reply, access);
  },

  async clientAccessStream(door, passage) {
    return follow(door.hub, door, passage, clientAccessOf(door.control));
  },

  async snapshot({ control }, { request, reply, caller }) {
    const current = unwrap(await control.snapshots.current({ principal: known(caller).principal }));
    const { status, etag, encoding, body } = await answerDefinitions(current, request.headers);
    reply.code(status).headers({ ...DEFINITIONS_HEADERS, etag });
    if (encoding !== undefined) reply.header('content-encoding', encoding);
    if (body === undefined) return reply.send();
    return reply.type('application/json; charset=utf-8').send(body);
  },

  async stream(door, passage) {
    return follow(door.hub, door, passage, definitionsOf(door.control));
  },

  async changes(door, passage) {
    return follow(door.hub, door, passage, changesOf(door.control));
  },
};

export function isDoorRoute(name: RouteName): name is DoorRoute {
  return Object.hasOwn(doorHandlers, name);
}

/** Events may come before the subscription is answered: the first of either opens the stream, a refusal never does. */
async function follow(
  hub: StreamHub,
  { headers, site }: Door,
  { request, reply, caller }: Passage,
  source: Source,
): Promise<FastifyReply> {
  const reader = known(caller);
  if (hub.isFull) {
    throw new RequestRefused('unavailable', 'No room for another stream; poll the snapshot or try again.', {
      headers: { 'retry-after': '5' },
    });
  }
  const since = lastEventId(request.headers);
  let stream: OpenStream | undefined;
  const opened = () => {
    if (stream === undefined) {
      reply.hijack();
      const shared = crossOriginHeaders(request, site);
      const line = openSseLine(reply.raw, { ...headers, ...shared, 'x-request-id': request.id });
      stream = hub.open(line, reader);
    }
    return stream;
  };
  const subscription = unwrap(await source({ principal: reader.principal }, since, (event) => opened().send(event)));
  opened().attach(subscription);
  return reply;
}

function describePrincipal(principal: Principal) {
  const { kind, name, project } = principal;
  return principal.kind === 'admin'
    ? { name, kind, project }
    : { name, kind, project, environment: principal.environment };
}

function json(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(value));
}
