import { accept, type Outcome, refuse } from '@spillway/core';
import { type Configuration, type EvaluationContext, evaluate, explain } from '@spillway/evaluator';
import { requireReader } from '../access/permission.ts';
import type { Control, ExplainedEvaluation } from '../control.ts';
import { weigh } from '../documents/chunks.ts';
import type { Clock } from '../ports/index.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';

/** How long one request may evaluate before others get their turn. */
const LONGEST_TURN_MS = 10;
/** What the traces of one answer may have together, roughly, in characters of JSON. */
export const MAX_TRACE_CHARACTERS = 8 * 1_024 * 1_024;

export interface EvaluationDeps {
  readonly clock: Clock;
  readonly snapshots: Snapshots;
}

/** Answers from the compiled configuration in memory, as an SDK would. */
export function createEvaluationUseCases({ clock, snapshots }: EvaluationDeps): Control['evaluation'] {
  return {
    async one(call, flag, context, { environment, trace = false } = {}) {
      const reader = requireReader(call, environment);
      if (!reader.ok) return reader;
      const feed = await snapshots.feed(reader.value.environment);
      if (!feed.ok) return feed;
      const answer = answering(feed.value.configuration(), context, clock.now(), trace);
      return answer(flag);
    },
    async many(call, context, { environment, flags, trace = false } = {}) {
      const reader = requireReader(call, environment);
      if (!reader.ok) return reader;
      const feed = await snapshots.feed(reader.value.environment);
      if (!feed.ok) return feed;
      const configuration = feed.value.configuration();
      const keys = flags === undefined ? Object.keys(configuration.snapshot.flags).sort() : new Set(flags);
      const answer = answering(configuration, context, clock.now(), trace);
      const evaluations: ExplainedEvaluation[] = [];
      let pause = clock.monotonic() + LONGEST_TURN_MS;
      for (const key of keys) {
        if (clock.monotonic() > pause) {
          await clock.sleep(0);
          pause = clock.monotonic() + LONGEST_TURN_MS;
        }
        const answered = answer(key);
        if (!answered.ok) return answered;
        evaluations.push(answered.value);
      }
      return accept({ configuration: configuration.number, evaluations });
    },
  };
}

/** Answers for one context and moment; with traces as long as they fit into one answer. */
function answering(
  configuration: Configuration,
  context: EvaluationContext,
  now: number,
  traced: boolean,
): (flag: string) => Outcome<ExplainedEvaluation> {
  if (!traced) return (flag) => accept(evaluate(configuration, flag, context, now, null));
  let weight = 0;
  return (flag) => {
    const { evaluation, trace } = explain(configuration, flag, context, now, null);
    weight += weigh(trace);
    return weight > MAX_TRACE_CHARACTERS ? tooLarge() : accept({ ...evaluation, trace });
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
