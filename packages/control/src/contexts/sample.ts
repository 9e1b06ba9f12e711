import { contextOf, contextSettings } from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { createPace } from '../pacing/pace.ts';
import type { Clock, RecentContext, Store } from '../ports/index.ts';
import type { Collector } from './collector.ts';

const PAGE = 500;

/** Whom a change was tried on. */
export interface PreviewSample {
  readonly from: 'request' | 'recent';
  readonly recent_contexts: 'off' | 'hashed' | 'full';
  readonly contexts: number;
  /** When the first and the last of them were asked for; null for contexts that came with the request. */
  readonly oldest_at: string | null;
  readonly newest_at: string | null;
  /** Why there are none, and what to do about it. */
  readonly hint?: string;
}

export interface ContextSampleDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly environments: EnvironmentDirectory;
  readonly collector: Pick<Collector, 'flush'>;
}

/** Shows the contexts that were given, or else those that the environment was asked for lately, one after the other. */
export async function lookAtContexts(
  deps: ContextSampleDeps,
  environment: string,
  given: readonly EvaluationContext[] | undefined,
  look: (context: EvaluationContext) => void,
): Promise<PreviewSample> {
  const { recent_contexts } = contextSettings(deps.environments.get(environment) ?? {});
  const pace = createPace(deps.clock);
  if (given !== undefined) {
    for (const context of given) {
      await pace();
      look(context);
    }
    return { from: 'request', recent_contexts, contexts: given.length, oldest_at: null, newest_at: null };
  }
  let contexts = 0;
  let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (recent_contexts !== 'off') {
    await deps.collector.flush();
    for await (const recent of recentContexts(deps, environment)) {
      await pace();
      contexts += 1;
      oldest = Math.min(oldest, recent.seen_ms);
      newest = Math.max(newest, recent.seen_ms);
      look(contextOf(recent));
    }
  }
  const sample = { from: 'recent', recent_contexts, contexts } as const;
  if (contexts === 0) {
    return { ...sample, oldest_at: null, newest_at: null, hint: hintFor(environment, recent_contexts) };
  }
  return { ...sample, oldest_at: new Date(oldest).toISOString(), newest_at: new Date(newest).toISOString() };
}

async function* recentContexts(
  { store, project }: ContextSampleDeps,
  environment: string,
): AsyncGenerator<RecentContext> {
  let last: RecentContext | undefined;
  for (;;) {
    const after = last === undefined ? {} : { after: last };
    const page = await store.contexts.byRank(project, environment, { ...after, limit: PAGE });
    yield* page;
    last = page.at(-1);
    if (page.length < PAGE) return;
  }
}

function hintFor(environment: string, setting: PreviewSample['recent_contexts']): string {
  return setting === 'off'
    ? `Recent contexts are not collected in ${environment}. Set its recent_contexts to hashed or full, or send contexts with the request.`
    : `No application has told of contexts in ${environment} within the last week. They come with the SDKs' summaries.`;
}
