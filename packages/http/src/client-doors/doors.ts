import { createHash } from 'node:crypto';
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

export function contextIn(body: unknown): EvaluationContext {
  // Checked against the route's schema before.
  return (body as { readonly context: EvaluationContext }).context;
}
