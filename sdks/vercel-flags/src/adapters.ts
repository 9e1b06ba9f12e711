import { jsonContext } from '@spillway/client/json-context';
import type { Client, EvaluationContext, Json } from '@spillway/node';
import type { Adapter, Identify } from 'flags';
import { originOf } from './origin.ts';

export interface AdapterOptions<Context extends object> {
  /** Makes the context of a request: `targetingKey` and attributes. A flag's own `identify` comes before it. */
  readonly identify?: Identify<Context>;
  /** Where the dashboard is; flags then say where they are managed. */
  readonly dashboard?: string;
  /** How long the first question waits for the first configuration. The client's own limit when left out. */
  readonly timeoutMs?: number;
}

/** One adapter for each type of value; what a flag serves of another type is not served. */
export interface Adapters<Context extends object> {
  boolean(): Adapter<boolean, Context>;
  string(): Adapter<string, Context>;
  number(): Adapter<number, Context>;
  /** Serves whatever JSON value the flag has; which shape that is, is the caller's word. */
  json<T = Json>(): Adapter<T, Context>;
}

/** Says which type is asked for. Never served: the Flags SDK has the code's default. */
const ASKING = { boolean: false, string: '', number: 0, json: {} } as const;

/**
 * Vercel's Flags SDK over a client that evaluates in this process. The first question connects the client; no later one
 * waits for the network. The client stays the application's own, to be closed by it.
 */
export function createAdapters<Context extends object = EvaluationContext>(
  client: Pick<Client, 'initialize' | 'details'>,
  options: AdapterOptions<Context> = {},
): Adapters<Context> {
  const { timeoutMs } = options;
  let connected: Promise<unknown> | undefined;
  // The Flags SDK calls `initialize` for overrides alone, so every question sees to it.
  const connect = () => {
    connected ??= client.initialize(timeoutMs === undefined ? {} : { timeoutMs });
    return connected;
  };
  const adapterFor = (type: keyof typeof ASKING) => adapterOf(client, type, connect, options);
  // One object for each type, however often it is asked for: the Flags SDK batches by its id.
  const boolean = adapterFor('boolean');
  const string = adapterFor('string');
  const number = adapterFor('number');
  const json = adapterFor('json');
  return {
    // The client has checked that values are of the type asked for.
    boolean: () => boolean as Adapter<boolean, Context>,
    string: () => string as Adapter<string, Context>,
    number: () => number as Adapter<number, Context>,
    json: <T>() => json as Adapter<T, Context>,
  };
}

function adapterOf<Context extends object>(
  client: Pick<Client, 'details'>,
  type: keyof typeof ASKING,
  connect: () => Promise<unknown>,
  { identify, dashboard }: AdapterOptions<Context>,
): Adapter<unknown, Context> {
  const answer = (flagKey: string, entities: Context | undefined) =>
    client.details(flagKey, jsonContext((entities ?? {}) as Readonly<Record<string, unknown>>), ASKING[type]);
  return {
    // A batch asks the adapter of its first flag for all of them, so types are not batched together.
    adapterId: Symbol(`spillway/${type}`),
    ...(identify === undefined ? {} : { identify }),
    ...(dashboard === undefined ? {} : { origin: (flagKey: string) => originOf(dashboard, flagKey) }),
    async initialize() {
      await connect();
    },
    async decide({ key, entities, defaultValue }) {
      await connect();
      const { value, errorCode, errorMessage } = answer(key, entities);
      if (errorCode === undefined) return value;
      // Undefined makes the Flags SDK serve the default; without one it can only say that there is none.
      if (defaultValue !== undefined) return undefined;
      throw new Error(`the flag ${key} has no answer and no defaultValue: ${errorCode}, ${errorMessage ?? ''}`);
    },
    async bulkDecide({ flags, entities }) {
      await connect();
      // Without a prototype: a flag may be called `constructor`, and one that has no answer must have none here.
      const values: Record<string, unknown> = Object.create(null);
      for (const { key } of flags) {
        const { value, errorCode } = answer(key, entities);
        if (errorCode === undefined) values[key] = value;
      }
      return values;
    },
  };
}
