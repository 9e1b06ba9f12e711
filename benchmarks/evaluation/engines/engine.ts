import type { Answer, Definitions, Flag, User } from '../definitions.ts';

/** One flag engine under measurement. `C` is a user in the engine's own form, made before the clock starts. */
export interface Engine<C = unknown> {
  readonly name: string;
  /** The npm package of a peer; ours and the floor have none. */
  readonly package?: string;
  /** True when an answer comes as a promise; it is then awaited, as an application must. */
  readonly waits?: boolean;
  /** Memory beyond JavaScript's heap is where it keeps its definitions: bytes of heap say little. */
  readonly outsideHeap?: boolean;
  /** The definitions as the engine's server would send them. */
  payload(definitions: Definitions): string;
  /** Imports the engine; the only place that may. */
  load(): Promise<Loaded<C>>;
}

export interface Loaded<C = unknown> {
  open(payload: string): Promise<Opened<C>>;
}

/** Without network, events, exposures or logs. */
export interface Opened<C = unknown> {
  context(user: User): C;
  asker(flag: Flag): Asker<C>;
  /** Every flag's answer by the engine's own means, where it has such. Consumed by the caller. */
  all?(context: C): unknown;
  /** Reads one flag out of what `all` answers; W5 is then proven and measured by `all` alone. For engines slow one by one. */
  answerIn?(all: unknown, flag: Flag): Answer | undefined;
}

export interface Asker<C = unknown> {
  value(context: C): Answer | undefined | Promise<Answer | undefined>;
  /** The answer with variant and reason, where the engine offers that: what it read of them, so that nothing is optimised away. */
  details?(context: C): unknown;
}
