import type { ConfigurationChange, TrackDetails } from '@spillway/client';
import type { EvaluationContext, FlagDefinition, Json, Snapshot } from '@spillway/evaluator';
import { guardOver } from '../guard.ts';
import type { NodeClient, Status } from '../index.ts';
import { type Answers, answersFrom } from '../one-shot.ts';

/** `true` is a boolean flag, not a flag that is always true. */
export type Widened<T> = T extends boolean ? boolean : T extends string ? string : T extends number ? number : T;

/** What the code under test tracked or recorded. */
export interface Tracked {
  readonly type: 'user_action' | 'metric_recorded' | 'error_occurred';
  readonly name: string;
  readonly context: EvaluationContext;
  readonly details?: TrackDetails;
}

export interface TestClient<Flags> extends NodeClient {
  /** From now on the flag answers this, everybody or only those with one of these targeting keys. */
  set<K extends keyof Flags & string>(
    flagKey: K,
    value: Widened<Flags[K]>,
    only?: { readonly targetingKeys: readonly string[] },
  ): void;
  /** As if the flag had been deleted: the code's default answers. */
  remove(flagKey: keyof Flags & string): void;
  /** In the order in which it came. */
  readonly tracked: readonly Tracked[];
}

/**
 * A client for an application's own tests: real evaluation, no server, each flag answering the value given for it.
 * Changes take effect at once and are told to listeners.
 */
export function createTestClient<const Flags extends Readonly<Record<string, Json>>>(flags: Flags): TestClient<Flags> {
  const definitions = new Map<string, FlagDefinition>();
  const changes = new Set<(change: ConfigurationChange) => void>();
  const statuses = new Set<(status: Status) => void>();
  let is: Status['is'] = 'ready';
  let number = 1;
  const answersNow = () => answersFrom(snapshotOf(number, Object.fromEntries(definitions)));
  const change = (flagKey: string, definition: FlagDefinition | undefined) => {
    if (definition === undefined) definitions.delete(flagKey);
    else definitions.set(flagKey, definition);
    number += 1;
    answers = answersNow();
    for (const listener of changes) listener({ configuration: number, flags: [flagKey] });
  };
  for (const [flagKey, value] of Object.entries(flags)) definitions.set(flagKey, always(flagKey, value, 1));
  let answers: Answers = answersNow();

  const tracked: Tracked[] = [];
  const tell = (type: Tracked['type'], name: string, context: EvaluationContext, details: TrackDetails | undefined) => {
    tracked.push({ type, name, context, ...(details === undefined ? {} : { details }) });
  };
  const status = (): Status => ({ ...answers.status(), is });
  const boolean = (flagKey: string, context: EvaluationContext, fallback: boolean) =>
    answers.boolean(flagKey, context, fallback);
  return {
    boolean,
    string: (flagKey, context, fallback) => answers.string(flagKey, context, fallback),
    number: (flagKey, context, fallback) => answers.number(flagKey, context, fallback),
    json: (flagKey, context, fallback) => answers.json(flagKey, context, fallback),
    details: (flagKey, context, fallback) => answers.details(flagKey, context, fallback),
    all: (context) => answers.all(context),
    bootstrapFor: (context) => answers.bootstrapFor(context),
    track: (name, context, details) => tell('user_action', name, context, details),
    recordMetric: (name, value, context = {}, details) => tell('metric_recorded', name, context, { ...details, value }),
    recordError: (name, context = {}, details) => tell('error_occurred', name, context, details),
    tracked,
    ...guardOver({ boolean }),
    status,
    initialize: async () => status(),
    on(event: 'change' | 'status', listener: ((change: ConfigurationChange) => void) & ((status: Status) => void)) {
      return event === 'change' ? listen(changes, listener) : listen(statuses, listener);
    },
    async close() {
      if (is === 'closed') return;
      is = 'closed';
      for (const listener of statuses) listener(status());
    },
    set(flagKey, value, only) {
      const json = value as Json;
      const before = definitions.get(flagKey);
      const next = always(flagKey, json, number + 1);
      change(flagKey, only === undefined || before === undefined ? next : exceptFor(before, json, only.targetingKeys));
    },
    remove: (flagKey) => change(flagKey, undefined),
  };
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function always(key: string, value: Json, version: number): FlagDefinition {
  return {
    key,
    version,
    type: typeOf(value),
    variants: [{ name: 'set', value }],
    services: [],
    enabled: true,
    off_variant: 'set',
    targets: [],
    rules: [],
    fallthrough: { variant: 'set' },
    bucketing: { algorithm: 'spillway-1', by: 'targetingKey', seed: key },
  };
}

function exceptFor(before: FlagDefinition, value: Json, targetingKeys: readonly string[]): FlagDefinition {
  const name = `set-${before.version}`;
  return {
    ...before,
    version: before.version + 1,
    variants: [...before.variants, { name, value }],
    // The first target that names a key decides; what was set last is asked first.
    targets: [{ variant: name, keys: targetingKeys }, ...before.targets],
  };
}

function typeOf(value: Json): FlagDefinition['type'] {
  const type = typeof value;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'json';
}

function snapshotOf(number: number, flags: Snapshot['flags']): Snapshot {
  return {
    format: 'spillway.snapshot/1',
    project: 'default',
    environment: 'test',
    number,
    flags,
    segments: {},
    switches: {},
  };
}
