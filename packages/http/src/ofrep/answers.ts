import { hash } from 'node:crypto';
import { routes } from '@spillway/contract';
import type { Evaluation } from '@spillway/evaluator';
import { remembering } from '../remembering.ts';
import { StreamEvent } from '../streams/event.ts';

/** One flag's answer in OFREP's form. */
export type OfrepAnswer = OfrepSuccess | OfrepFailure;

export interface OfrepSuccess {
  readonly key: string;
  readonly value: unknown;
  readonly reason: Evaluation['reason'];
  readonly variant?: string;
  readonly metadata: Partial<Evaluation['flagMetadata']>;
}

export interface OfrepFailure {
  readonly key?: string;
  readonly errorCode: NonNullable<Evaluation['errorCode']>;
  readonly errorDetails: string;
}

/** An answer with an error code carries no value: the provider then serves the code's default, as OFREP wants it. */
function ofrepAnswer(evaluation: Evaluation, metadata: OfrepSuccess['metadata']): OfrepAnswer {
  const { flagKey: key, value, variant, reason, errorCode, errorMessage } = evaluation;
  if (errorCode !== undefined) return { key, errorCode, errorDetails: errorMessage ?? errorCode };
  return variant === undefined ? { key, value, reason, metadata } : { key, value, reason, variant, metadata };
}

export function ofrepStatus({ errorCode }: Evaluation): 200 | 400 | 404 {
  if (errorCode === undefined) return 200;
  return errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
}

interface Text {
  readonly text: string;
  /** Of the text; made when it is first asked for. */
  digest: string | undefined;
}

function textOf(answer: OfrepAnswer): Text {
  return { text: JSON.stringify(answer), digest: undefined };
}

const alone = remembering((evaluation) => textOf(ofrepAnswer(evaluation, evaluation.flagMetadata)));

/** One among others, which have the configuration's number in common: of a flag that did not change, nothing differs. */
const amongOthers = remembering((evaluation) => {
  const { configuration: _, ...metadata } = evaluation.flagMetadata;
  return textOf(ofrepAnswer(evaluation, metadata));
});

/** As JSON. */
export function ofrepText(evaluation: Evaluation): string {
  return alone(evaluation).text;
}

export interface OfrepEvaluations {
  readonly configuration: number;
  readonly evaluations: readonly Evaluation[];
}

export interface OfrepBulk {
  /**
   * A weak one: it stays the same while the answers do, although the configuration has another number, and is renewed with the
   * ticket, so that who is told 304 holds one that opens the stream.
   */
  readonly etag: string;
  /** All flags as JSON, with the stream that tells of changes. */
  readonly text: () => string;
}

/** The ETag is made of the parts' digests, most of which are known: for who has the answer already, it is not even put together. */
export function ofrepBulk({ configuration, evaluations }: OfrepEvaluations, ticket: string | undefined): OfrepBulk {
  const entries = evaluations.map(amongOthers);
  const digests = entries.map(digestOf).join('');
  return {
    etag: `W/"${hash('sha256', `${ticket ?? ''}\n${digests}`, 'base64url')}"`,
    text() {
      const flags = entries.map(({ text }) => text).join(',');
      const streams = ticket === undefined ? '' : `"eventStreams":[${streamText(ticket, configuration)}],`;
      return `{"flags":[${flags}],${streams}"metadata":{"configuration":${configuration}}}`;
    },
  };
}

function digestOf(made: Text): string {
  made.digest ??= hash('sha256', made.text, 'base64url');
  return made.digest;
}

/** A page in the background is let go of after this long; it evaluates anew when it comes back. */
const INACTIVITY_SECONDS = 120;

function streamText(ticket: string, configuration: number): string {
  const requestUri = `${routes.ofrepEventStream.path}?ticket=${ticket}&after=${configuration}`;
  return JSON.stringify({ type: 'sse', endpoint: { requestUri }, inactivityDelaySec: INACTIVITY_SECONDS });
}

/** What a stream says: ask again. The number is what an asker is to be answered on, at least. */
export function refetchEvent(configuration: number): StreamEvent {
  const data = JSON.stringify({ type: 'refetchEvaluation', etag: `"${configuration}"` });
  return new StreamEvent({ id: configuration, event: 'message', data });
}

/** The configuration that a `refetchEvaluation` told of, as it comes back; 0 for anything else. */
export function heardOf(flagConfigEtag: string | undefined): number {
  return Number(/^(?:W\/)?"?([0-9]{1,15})"?$/.exec(flagConfigEtag ?? '')?.[1] ?? 0);
}
