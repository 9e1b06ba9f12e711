import { type Route, routes } from '@spillway/contract';
import type { Control } from '@spillway/control';
import type { Principal } from '@spillway/core';
import { checkBody } from '../body/route-body.ts';
import { answerDefinitions } from '../definitions/answer.ts';
import type { Input } from '../handlers/handler.ts';
import { handlers } from '../handlers/index.ts';
import { ofrepBulk, ofrepStatus, ofrepText } from '../ofrep/answers.ts';
import { contextIn } from '../ofrep/doors.ts';
import { unwrap } from '../passage.ts';
import { placed } from '../placing.ts';
import { alreadyHas } from '../preconditions.ts';
import { evaluationsText, evaluationText } from './answer-text.ts';
import type { Asked, FastRoute } from './asked.ts';

/** What a route of the fast lane is asked, authorised and read. */
export interface Question {
  readonly control: Control;
  readonly asked: Asked;
  readonly principal: Principal;
  readonly body: unknown;
}

export interface FastAnswer {
  readonly status: number;
  /** Undefined where there is nothing to say that the asker does not have. */
  readonly body: string | Buffer | undefined;
  /** Of an answer that may be kept as long as it is asked about again. */
  readonly etag?: string;
  readonly encoding?: string | undefined;
}

/** Throws `RequestRefused`, as every door does. */
export function answer(question: Question): Promise<FastAnswer> {
  return answers[question.asked.route](question);
}

const answers: Readonly<Record<FastRoute, (question: Question) => Promise<FastAnswer>>> = {
  async evaluateFlag({ control, asked: { key = '' }, principal, body }) {
    const route: Route = routes.evaluateFlag;
    const input = { call: { principal }, params: { key }, body: checkBody(route, body) } as Input<'evaluateFlag'>;
    return { status: 200, body: evaluationText(unwrap(placed(route, await handlers.evaluateFlag(control, input)))) };
  },
  async evaluateFlags({ control, principal, body }) {
    const route: Route = routes.evaluateFlags;
    const input = { call: { principal }, body: checkBody(route, body) } as Input<'evaluateFlags'>;
    const { configuration, evaluations } = unwrap(placed(route, await handlers.evaluateFlags(control, input)));
    return { status: 200, body: evaluationsText(configuration, evaluations) };
  },
  async ofrepEvaluateFlag({ control, asked: { key = '' }, principal, body }) {
    const context = contextIn(checkBody(routes.ofrepEvaluateFlag, body));
    const evaluation = unwrap(await control.evaluation.one({ principal }, key, context));
    return { status: ofrepStatus(evaluation), body: ofrepText(evaluation) };
  },
  async ofrepEvaluateFlags({ control, asked: { secret, ifNoneMatch }, principal, body }) {
    const context = contextIn(checkBody(routes.ofrepEvaluateFlags, body));
    const evaluations = unwrap(await control.evaluation.many({ principal }, context, {}));
    const { etag, text } = ofrepBulk(evaluations, control.access.ticketFor(secret));
    if (alreadyHas({ 'if-none-match': ifNoneMatch }, etag)) return { status: 304, body: undefined, etag };
    return { status: 200, body: text(), etag };
  },
  async snapshot({ control, asked: { ifNoneMatch, acceptEncoding }, principal }) {
    const current = unwrap(await control.snapshots.current({ principal }));
    return answerDefinitions(current, { 'if-none-match': ifNoneMatch, 'accept-encoding': acceptEncoding });
  },
};
