import { accept } from '@spillway/core';
import { type Evaluation, evaluate } from '@spillway/evaluator';
import { requireReader } from '../access/permission.ts';
import type { Control } from '../control.ts';
import type { Clock } from '../ports/index.ts';
import type { Snapshots } from '../snapshots/snapshots.ts';

/** How long one request may evaluate before others get their turn. */
const LONGEST_TURN_MS = 10;

export interface EvaluationDeps {
  readonly clock: Clock;
  readonly snapshots: Snapshots;
}

/** Answers from the compiled configuration in memory, as an SDK would. */
export function createEvaluationUseCases({ clock, snapshots }: EvaluationDeps): Control['evaluation'] {
  return {
    async one(call, flag, context, environment) {
      const reader = requireReader(call, environment);
      if (!reader.ok) return reader;
      const feed = await snapshots.feed(reader.value.environment);
      return feed.ok ? accept(evaluate(feed.value.configuration(), flag, context, clock.now(), null)) : feed;
    },
    async many(call, context, { environment, flags }) {
      const reader = requireReader(call, environment);
      if (!reader.ok) return reader;
      const feed = await snapshots.feed(reader.value.environment);
      if (!feed.ok) return feed;
      const configuration = feed.value.configuration();
      const keys = flags === undefined ? Object.keys(configuration.snapshot.flags).sort() : new Set(flags);
      const now = clock.now();
      const evaluations: Evaluation[] = [];
      let pause = clock.monotonic() + LONGEST_TURN_MS;
      for (const key of keys) {
        if (clock.monotonic() > pause) {
          await clock.sleep(0);
          pause = clock.monotonic() + LONGEST_TURN_MS;
        }
        evaluations.push(evaluate(configuration, key, context, now, null));
      }
      return accept({ configuration: configuration.number, evaluations });
    },
  };
}
