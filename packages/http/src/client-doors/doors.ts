import { createHash } from 'node:crypto';
import type { Call, ClientEvent, Subscription } from '@spillway/control';
import type { Outcome } from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import type { FastifyReply } from 'fastify';
import { type Door, known, type Passage, unwrap } from '../passage.ts';
import { alreadyHas } from '../preconditions.ts';

/** All values for one context, for browsers that stream nothing or look in now and then. */
export async function clientEvaluations(
  { control }: Door,
  { request, reply, caller, body }: Passage,
): Promise<FastifyReply> {
  const { principal } = known(caller);
  const text = JSON.stringify(unwrap(await control.evaluation.values({ principal }, contextIn(body))));
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  reply.header('etag', etag).header('cache-control', 'no-cache');
  if (alreadyHas(request.headers, etag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(text);
}

/** What the stream carries: `values` first, then a `change` whenever values of this context differ. */
export function subscribeToValues({ control }: Door, { body }: Passage) {
  return (call: Call, _: number | undefined, send: (event: Buffer) => void): Promise<Outcome<Subscription>> =>
    control.evaluation.follow(call, contextIn(body), (event) => send(bytesOf(event)));
}

function bytesOf({ event, data }: ClientEvent): Buffer {
  return Buffer.from(`id: ${data.configuration}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

function contextIn(body: unknown): EvaluationContext {
  // Checked against the route's schema before.
  return (body as { readonly context: EvaluationContext }).context;
}
