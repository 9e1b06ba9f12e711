import type { Json } from '@spillway/evaluator';

export const NOUNS = [
  'flags',
  'segments',
  'switches',
  'rollouts',
  'services',
  'environments',
  'access',
  'references',
] as const;
export type Noun = (typeof NOUNS)[number];

/** One change in the log. Everything that ever happened to configuration or a rollout is a row of these. */
export interface LogEntry {
  readonly project: string;
  /** 1, 2, 3 … without gaps within a project. */
  readonly seq: number;
  readonly at_ms: number;
  readonly actor: string;
  /** What happened, in the past tense of the noun, e.g. `flag.updated`, `rollout.stepped`. */
  readonly action: string;
  readonly noun: Noun;
  readonly key: string;
  readonly reason: string;
  /** Version of the document after this change; 0 when it was deleted. */
  readonly version: number;
  /** `null` when the document did not exist. */
  readonly before: Json;
  /** `null` when the document was deleted. */
  readonly after: Json;
  /** For decisions: the rule and the numbers it rested on. */
  readonly because: Json;
  readonly previous_hash: string;
  /** Lower-case hex SHA-256 over the canonical form of everything above. */
  readonly hash: string;
}

/** What the first entry of a project chains to. */
export const GENESIS_HASH = '0'.repeat(64);
