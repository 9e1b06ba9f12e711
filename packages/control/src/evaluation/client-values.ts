import { accept } from '@spillway/core';
import { evaluate } from '@spillway/evaluator';
import { requireEvaluator } from '../access/permission.ts';
import { takeTurns } from '../pacing/pace.ts';
import type { Clock, Log } from '../ports/index.ts';
import type { SnapshotFeed, SnapshotSource } from '../snapshots/feed.ts';
import { type Audience, createAudience } from './audience.ts';
import { type ClientValue, clientValue } from './client-value.ts';
import type { SubjectOf } from './signed-context.ts';
import type { EvaluationUseCases } from './use-cases.ts';

export interface ClientDeps {
  readonly clock: Clock;
  readonly subjectOf: SubjectOf;
  readonly log: Log;
  readonly snapshots: SnapshotSource;
}

/** For programs whose users can read everything they hold: values leave the server, definitions never do. */
export function createClientUseCases(deps: ClientDeps): Pick<EvaluationUseCases, 'values' | 'follow' | 'watch'> {
  const audiences = new WeakMap<SnapshotFeed, Audience>();

  function audienceOf(feed: SnapshotFeed): Audience {
    const known = audiences.get(feed);
    if (known !== undefined) return known;
    const audience = createAudience(feed, deps);
    audiences.set(feed, audience);
    return audience;
  }

  return {
    async values(call, context) {
      const reader = requireEvaluator(call);
      if (!reader.ok) return reader;
      const subject = deps.subjectOf(call, context);
      if (!subject.ok) return subject;
      const feed = await deps.snapshots.feed(reader.value.environment);
      if (!feed.ok) return feed;
      const configuration = feed.value.configuration();
      const now = deps.clock.now();
      const flags: Record<string, ClientValue> = {};
      await takeTurns(deps.clock, configuration.flags.keys(), (key) => {
        flags[key] = clientValue(evaluate(configuration, key, subject.value, now, null));
      });
      return accept({ configuration: configuration.number, flags });
    },
    async follow(call, context, listener) {
      const reader = requireEvaluator(call);
      if (!reader.ok) return reader;
      const subject = deps.subjectOf(call, context);
      if (!subject.ok) return subject;
      const feed = await deps.snapshots.feed(reader.value.environment);
      return feed.ok ? accept(audienceOf(feed.value).add(subject.value, listener)) : feed;
    },
    async watch(call, since, listener) {
      const reader = requireEvaluator(call);
      if (!reader.ok) return reader;
      const feed = await deps.snapshots.feed(reader.value.environment);
      if (!feed.ok) return feed;
      if (since !== undefined && since > feed.value.number) await deps.snapshots.catchUp?.();
      const { number } = feed.value;
      if (since !== undefined && since !== number) listener(number);
      return accept(feed.value.subscribe(number, ({ id }) => listener(id)));
    },
  };
}
