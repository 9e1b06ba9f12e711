import type { EvaluationContext } from '@spillway/evaluator';
import { type Door, known, type Passage, unwrap } from '../passage.ts';
import { alreadyHas } from '../preconditions.ts';
import { refetchesOf, type Source } from '../streams/sources.ts';
import { heardOf, ofrepBulk, ofrepStatus, ofrepText } from './answers.ts';

type OfrepDoor = (door: Door, passage: Passage) => Promise<Passage['reply']>;

/** The OpenFeature Remote Evaluation Protocol 0.3: every OpenFeature SDK in any language can ask here. */
export const ofrepEvaluateFlag: OfrepDoor = async ({ control }, { request, reply, caller, body }) => {
  const { key } = request.params as { readonly key: string };
  const answer = unwrap(await control.evaluation.one(callOf(caller), key, contextIn(body)));
  return reply.code(ofrepStatus(answer)).type(JSON_TYPE).send(ofrepText(answer));
};

export const ofrepEvaluateFlags: OfrepDoor = async ({ control }, { request, reply, caller, query, body }) => {
  const { flagConfigEtag } = query as { readonly flagConfigEtag?: string };
  const how = { heard_of: heardOf(flagConfigEtag) };
  const evaluations = unwrap(await control.evaluation.many(callOf(caller), contextIn(body), how));
  const { etag, text } = ofrepBulk(evaluations, control.access.ticketFor(known(caller).credential.secret));
  reply.header('etag', etag).header('cache-control', 'no-cache');
  if (alreadyHas(request.headers, etag)) return reply.code(304).send();
  return reply.type(JSON_TYPE).send(text());
};

/** The event stream, from what the flags beside its address were evaluated on. */
export function watchConfigurations({ control }: Door, { query }: Passage): Source {
  const { after } = query as { readonly after?: string };
  return refetchesOf(control, after === undefined ? undefined : Number(after));
}

const JSON_TYPE = 'application/json; charset=utf-8';

function callOf(caller: Passage['caller']) {
  return { principal: known(caller).principal };
}

export function contextIn(body: unknown): EvaluationContext {
  // Checked against the route's schema before.
  return (body as { readonly context?: EvaluationContext }).context ?? {};
}
