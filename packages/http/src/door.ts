import { openApiDocument, type RouteName } from '@spillway/contract';
import { definitionsSchema } from '@spillway/contract/definitions';
import type { Call, Subscription } from '@spillway/control';
import type { Outcome, Principal } from '@spillway/core';
import type { FastifyReply } from 'fastify';
import { exportChanges } from './audit/doors.ts';
import { crossOriginHeaders } from './client-doors/cross-origin.ts';
import { clientEvaluations, subscribeToValues } from './client-doors/doors.ts';
import { refuseForeignPages, sessionCookie } from './credentials.ts';
import type { DoorRoute } from './handlers/handler.ts';
import { ofrepEvaluateFlag, ofrepEvaluateFlags, watchConfigurations } from './ofrep/doors.ts';
import { type Door, known, type Passage, unwrap } from './passage.ts';
import { alreadyHas, lastEventId } from './preconditions.ts';
import { RequestRefused } from './problem.ts';
import { eventBytes, type StreamHub } from './streams/hub.ts';

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
    } catch {
      throw new RequestRefused('unavailable', 'The store does not answer.', { headers: { 'retry-after': '1' } });
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
    return follow(door.clientHub, door, passage, subscribeToValues(door, passage));
  },

  async snapshot({ control }, { request, reply, caller }) {
    const { text, etag } = unwrap(await control.snapshots.current({ principal: known(caller).principal }));
    const quoted = etag.startsWith('"') ? etag : `"${etag}"`;
    reply.header('etag', quoted).header('cache-control', 'no-cache');
    if (alreadyHas(request.headers, quoted)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(text);
  },

  async stream(door, passage) {
    return follow(door.hub, door, passage, (call, since, send) =>
      door.control.snapshots.subscribe(call, since, (event) =>
        send(eventBytes(event, () => ({ id: event.id, event: event.event, data: event.text }))),
      ),
    );
  },

  async changes(door, passage) {
    return follow(door.hub, door, passage, (call, since, send) =>
      door.control.audit.subscribe(call, since, (entry) =>
        send(eventBytes(entry, () => ({ id: entry.seq, event: 'change', data: JSON.stringify(entry) }))),
      ),
    );
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
  subscribe: (call: Call, since: number | undefined, send: (event: Buffer) => void) => Promise<Outcome<Subscription>>,
): Promise<FastifyReply> {
  const reader = known(caller);
  if (hub.isFull) {
    throw new RequestRefused('unavailable', 'No room for another stream; poll the snapshot or try again.', {
      headers: { 'retry-after': '5' },
    });
  }
  const since = lastEventId(request.headers);
  let stream: ReturnType<StreamHub['open']> | undefined;
  const opened = () => {
    if (stream === undefined) {
      reply.hijack();
      const shared = crossOriginHeaders(request, site);
      stream = hub.open(reply.raw, reader, { ...headers, ...shared, 'x-request-id': request.id });
    }
    return stream;
  };
  const subscription = unwrap(await subscribe({ principal: reader.principal }, since, (event) => opened().send(event)));
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
