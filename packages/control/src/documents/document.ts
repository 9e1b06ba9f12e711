import type {
  CodeReferences,
  Environment,
  Flag,
  KillSwitch,
  LogEntry,
  Rollout,
  Segment,
  Service,
} from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import type { Credential } from '../access/credential.ts';
import type { Versioned } from '../call.ts';
import type { Stored } from '../ports/index.ts';

/** What is kept under each noun. Bodies were checked when they were written and are trusted when they are read. */
export interface Documents {
  readonly flags: Flag;
  readonly segments: Segment;
  readonly switches: KillSwitch;
  readonly rollouts: Rollout;
  readonly services: Service;
  readonly environments: Environment;
  readonly access: Credential;
  readonly references: CodeReferences;
}

export type DocumentNoun = keyof Documents;

export function toJson(document: object): Json {
  // Documents are plain data without undefined values, which the interfaces cannot say in terms of Json.
  return document as unknown as Json;
}

export function bodyOf<N extends DocumentNoun>(_noun: N, body: Json): Documents[N] {
  return body as unknown as Documents[N];
}

export function fromStored<N extends DocumentNoun>(noun: N, stored: Stored): Versioned<Documents[N]> {
  return { ...bodyOf(noun, stored.body), version: stored.version };
}

/** The document as it is stored: its version is kept beside it, not in it. */
export function unversioned<D extends object>({ version: _, ...document }: Versioned<D>): D {
  // What is left of a D and its version without the version is a D, which the compiler cannot take away again.
  return document as unknown as D;
}

/** The document as the entry left it; undefined when the entry deleted it. */
export function afterEntry<N extends DocumentNoun>(noun: N, entry: LogEntry): Versioned<Documents[N]> | undefined {
  return entry.after === null ? undefined : { ...bodyOf(noun, entry.after), version: entry.version };
}

/** The document as the entry found it; undefined when the entry created it. */
export function beforeEntry<N extends DocumentNoun>(noun: N, entry: LogEntry): Documents[N] | undefined {
  return entry.before === null ? undefined : bodyOf(noun, entry.before);
}
