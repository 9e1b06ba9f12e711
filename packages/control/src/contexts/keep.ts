import { checkProfile } from '@spillway/core';
import type { EvaluationContext, Json } from '@spillway/evaluator';
import type { RecentContext } from '../ports/index.ts';
import type { CollectionTerms } from './collector.ts';

/** A context as an SDK sends it: under hashed settings its targeting key is a digest already. */
export interface SentContext {
  readonly rank: number;
  readonly context: EvaluationContext;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** What may be kept of what was sent, by the settings of now: a client may have been told of them too early or too late. */
export function contextsToKeep(sent: readonly SentContext[], terms: CollectionTerms, now: number): RecentContext[] {
  const isPrivate = new Set(terms.private_attributes);
  const seen_ms = Math.floor(now);
  return sent.flatMap(({ rank, context: { targetingKey: key, ...rest } }) => {
    if (typeof key !== 'string' || (terms.recent_contexts === 'hashed' && !DIGEST.test(key))) return [];
    if (terms.upto !== undefined && rank > terms.upto) return [];
    const attributes: Record<string, Json> = {};
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined && !isPrivate.has(name)) attributes[name] = value;
    }
    return checkProfile({ key, attributes }).ok ? [{ key, rank, attributes, seen_ms }] : [];
  });
}

/** The digest that stands for a targeting key. Nested, so that nobody can go on from one digest to another. */
export function digestOf(sha256: (text: string) => string, salt: string, key: string): string {
  return sha256(`${salt}${sha256(`${salt}${key}`)}`);
}
