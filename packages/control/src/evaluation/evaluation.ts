import { accept, type Outcome, refuse } from '@spillway/core';
import { type Configuration, compile, type EvaluationContext, evaluate, explain } from '@spillway/evaluator';
import { requireEvaluator } from '../access/permission.ts';
import type { Call } from '../call.ts';
import { weigh } from '../documents/chunks.ts';
import { countAnswer } from '../observations/observations.ts';
import type { Tally } from '../observations/tally.ts';
import { createPace } from '../pacing/pace.ts';
import type { Clock, Log } from '../ports/index.ts';
import type { SnapshotSource } from '../snapshots/feed.ts';
import { configurationAt, type PastShelf } from '../snapshots/past.ts';
import { createClientUseCases } from './client-values.ts';
import type { SubjectOf } from './signed-context.ts';
import type { Asked, EvaluationUseCases, ExplainedEvaluation } from './use-cases.ts';

/** What the traces of one answer may have together, roughly, in characters of JSON. */
export const MAX_TRACE_CHARACTERS = 8 * 1_024 * 1_024;

export interface EvaluationDeps {
  readonly clock: Clock;
  readonly subjectOf: SubjectOf;
  readonly log: Log;
  readonly snapshots: SnapshotSource;
  readonly tally: Pick<Tally, 'record'>;
  /** Where the past is read; absent where only the present is known. */
  readonly past?: PastShelf;
}

/** A configuration and the moment it is asked for. */
interface Ground {
  readonly configuration: Configuration;
  readonly now: number;
  /** What is said of a flag that is not there, when it is not about the present. */
  readonly missing?: string;
}

/** Answers from the compiled configuration in memory, as an SDK would; about the past, from what the log says it was. */
export function createEvaluationUseCases(deps: EvaluationDeps): EvaluationUseCases {
  const { clock } = deps;
  return {
    async one(call, flag, context, how = {}) {
      const subject = deps.subjectOf(call, context);
      if (!subject.ok) return subject;
      const ground = await groundFor(deps, call, how, [flag]);
      if (!ground.ok) return ground;
      const answer = answering(ground.value, subject.value, how)(flag);
      if (answer.ok && how.at_ms === undefined)
        countAnswer(deps.tally, call, answer.value, subject.value.targetingKey, ground.value.now);
      return answer.ok ? accept(disclosed(call, answer.value)) : answer;
    },
    async many(call, context, { flags, ...how } = {}) {
      const subject = deps.subjectOf(call, context);
      if (!subject.ok) return subject;
      const ground = await groundFor(deps, call, how, flags);
      if (!ground.ok) return ground;
      const { configuration } = ground.value;
      const keys = flags === undefined ? Object.keys(configuration.snapshot.flags).sort() : new Set(flags);
      const answer = answering(ground.value, subject.value, how);
      const evaluations: ExplainedEvaluation[] = [];
      const pace = createPace(clock);
      for (const key of keys) {
        const answered = answer(key);
        if (!answered.ok) return answered;
        // After each, because the first one asked of a new configuration looks at all of it.
        const pause = pace();
        if (pause !== undefined) await pause;
        evaluations.push(disclosed(call, answered.value));
        // All flags at once are fetched in advance; which of them will be used is not known.
        if (flags !== undefined && how.at_ms === undefined) {
          countAnswer(deps.tally, call, answered.value, subject.value.targetingKey, ground.value.now);
        }
      }
      return accept({ configuration: configuration.number, evaluations });
    },
    ...createClientUseCases(deps),
  };
}

async function groundFor(
  deps: EvaluationDeps,
  call: Call,
  { environment, at_ms, trace, heard_of = 0 }: Asked,
  flags: readonly string[] | undefined,
): Promise<Outcome<Ground>> {
  const reader = requireEvaluator(call, environment);
  if (!reader.ok) return reader;
  if (trace === true && call.principal.kind === 'client') return untraced();
  const feed = await deps.snapshots.feed(reader.value.environment);
  if (!feed.ok) return feed;
  if (heard_of > feed.value.number) await readOn(deps);
  const now = deps.clock.now();
  if (at_ms === undefined || at_ms >= now) {
    return accept({ configuration: feed.value.configuration(), now: at_ms ?? now });
  }
  if (call.principal.kind !== 'admin' || deps.past === undefined) return presentOnly();
  return accept(await pastGround(deps.past, { environment: reader.value.environment, at_ms }, flags));
}

/** Without the store the answer is what is known here, as it would be of any other question. */
async function readOn({ snapshots, log }: EvaluationDeps): Promise<void> {
  try {
    await snapshots.catchUp?.();
  } catch (error) {
    log.warn({ err: error }, 'The log could not be read; answering from what is known');
  }
}

async function pastGround(
  deps: PastShelf,
  moment: { readonly environment: string; readonly at_ms: number },
  flags: readonly string[] | undefined,
): Promise<Ground> {
  const { environment, at_ms: now } = moment;
  const then = new Date(now).toISOString();
  const configuration = await configurationAt(deps, moment, flags);
  if (configuration !== undefined) {
    return { configuration, now, missing: `no flag had this key in ${environment} at ${then}` };
  }
  const format = 'spillway.snapshot/1';
  const empty = {
    format,
    project: deps.project,
    environment,
    number: 0,
    flags: {},
    segments: {},
    switches: {},
  } as const;
  return { configuration: compile(empty), now, missing: `there was no environment ${environment} at ${then}` };
}

/** Answers for one context; with traces as long as they fit into one answer. */
function answering(
  { configuration, now, missing }: Ground,
  context: EvaluationContext,
  { trace: traced = false }: Asked,
): (flag: string) => Outcome<ExplainedEvaluation> {
  const worded = (evaluation: ExplainedEvaluation): ExplainedEvaluation =>
    missing !== undefined && evaluation.errorCode === 'FLAG_NOT_FOUND'
      ? { ...evaluation, errorMessage: missing }
      : evaluation;
  if (!traced) return (flag) => accept(worded(evaluate(configuration, flag, context, now, null)));
  let weight = 0;
  return (flag) => {
    const { evaluation, trace } = explain(configuration, flag, context, now, null);
    weight += weigh(trace);
    return weight > MAX_TRACE_CHARACTERS ? tooLarge() : accept(worded({ ...evaluation, trace }));
  };
}

function tooLarge() {
  return refuse(
    'too_large',
    `The traces have more than ${MAX_TRACE_CHARACTERS} characters together. Name fewer \`flags\`, or send a smaller context.`,
    {
      fields: [{ field: '/trace', message: 'makes the answer too large; name fewer flags or send a smaller context' }],
    },
  );
}

/** Of an answer, what everybody may know: a client key is no secret, so rules, switches and other flags are left out. */
function disclosed({ principal }: Call, evaluation: ExplainedEvaluation): ExplainedEvaluation {
  if (principal.kind !== 'client') return evaluation;
  const { flagKey, value, variant, reason, errorCode, flagMetadata } = evaluation;
  return {
    ...{ flagKey, value, reason, flagMetadata: { configuration: flagMetadata.configuration } },
    ...(variant === undefined ? {} : { variant }),
    ...(errorCode === undefined ? {} : { errorCode }),
  };
}

function untraced() {
  return refuse('forbidden', 'A client key cannot ask how an answer came about. Leave `trace` out.', {
    fields: [{ field: '/trace', message: 'must be left out for a client key' }],
  });
}

/** What was configured once may have been taken back for a reason, and applications have no use for it. */
function presentOnly() {
  return refuse('forbidden', 'An SDK key cannot ask about the past. Leave `at` out, or use an admin token.', {
    fields: [{ field: '/at', message: 'must not be in the past for an SDK key' }],
  });
}
