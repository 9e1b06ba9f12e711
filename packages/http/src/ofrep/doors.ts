import type { EvaluationContext } from '@spillway/evaluator';
import { type Door, type Passage, unwrap } from '../passage.ts';
import { alreadyHas } from '../preconditions.ts';
import { ofrepBulk, ofrepStatus, ofrepText } from './answers.ts';

type OfrepDoor = (door: Door, passage: Passage) => Promise<Passage['reply']>;

/** The OpenFeature Remote Evaluation Protocol 0.3: every OpenFeature SDK in any language can ask here. */
export const ofrepEvaluateFlag: OfrepDoor = async ({ control }, { request, reply, caller, body }) => {
  const { key } = request.params as { readonly key: string };
  const answer = unwrap(await control.evaluation.one(callOf(caller), key, contextIn(body)));
  return reply.code(ofrepStatus(answer)).type(JSON_TYPE).send(ofrepText(answer));
};

export const ofrepEvaluateFlags: OfrepDoor = async ({ control }, { request, reply, caller, body }) => {
  const { configuration, evaluations } = unwrap(await control.evaluation.many(callOf(caller), contextIn(body), {}));
  const { text, etag } = ofrepBulk(configuration, evaluations);
  reply.header('etag', etag).header('cache-control', 'no-cache');
  if (alreadyHas(request.headers, etag)) return reply.code(304).send();
  return reply.type(JSON_TYPE).send(text);
};

const JSON_TYPE = 'application/json; charset=utf-8';

function callOf(caller: Passage['caller']) {
  if (caller === undefined) throw new Error('an evaluation was declared public');
  return { principal: caller.principal };
}

export function contextIn(body: unknown): EvaluationContext {
  // Checked against the route's schema before.
  return (body as { readonly context?: EvaluationContext }).context ?? {};
}
