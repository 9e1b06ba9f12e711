import {
  applyDelta,
  type Configuration,
  changedFlags,
  compile,
  parseDelta,
  parseSnapshot,
  type Snapshot,
} from '@spillway/evaluator';
import type { SignatureCheck } from './platform.ts';
import type { Received, Receiver } from './receiver.ts';

/** Where the configuration in use came from, the best last. */
export type Source = 'none' | 'bootstrap' | 'cache' | 'server';

export interface ConfigurationChange {
  readonly configuration: number;
  /** Keys of the flags that may answer differently now. */
  readonly flags: readonly string[];
}

const CURRENT: Received = { is: 'current' };
const KNOWN: Received = { is: 'known' };

/** Holds the last good configuration. Only this decides what is good enough to replace it. */
export class Holder implements Receiver {
  #configuration: Configuration | undefined;
  #source: Source = 'none';
  readonly #changed: (change: ConfigurationChange, source: Source) => void;
  readonly #wrongWith: SignatureCheck;

  constructor(changed: (change: ConfigurationChange, source: Source) => void, checkSignature?: SignatureCheck) {
    this.#changed = changed;
    this.#wrongWith = checkSignature ?? (() => undefined);
  }

  get configuration(): Configuration | undefined {
    return this.#configuration;
  }

  get source(): Source {
    return this.#source;
  }

  resumeFrom(): number | undefined {
    return this.#source === 'server' ? this.#configuration?.number : undefined;
  }

  receive(event: string, data: string): Received {
    if (event === 'snapshot') return this.offer(readJson(data), 'server');
    if (event === 'delta') return this.#receiveDelta(readJson(data));
    return event === 'current' ? this.#compare(readJson(data)) : KNOWN;
  }

  /** Takes a whole payload from anywhere, unless what is held is newer or from a better source. */
  offer(payload: unknown, source: Source): Received {
    const parsed = parseSnapshot(payload);
    if (!parsed.ok) return refused(`unreadable payload: ${parsed.problem.trimStart()}`);
    const { snapshot } = parsed;
    const held = this.#configuration?.snapshot;
    if (held !== undefined) {
      if (source !== 'server' && this.#source === 'server') return KNOWN;
      const elsewhere = !isSameEnvironment(held, snapshot);
      // The server's key decides the environment once; a cache or bootstrap of another one gives way to it.
      if (elsewhere && this.#source === 'server') return refused(`a payload of ${snapshot.environment} was sent`);
      if (!elsewhere && snapshot.number < held.number) {
        return refused(`configuration ${snapshot.number} is older than ${held.number}, which is kept`);
      }
      if (!elsewhere && this.#source === source && snapshot.number === held.number) return KNOWN;
    }
    const wrong = this.#wrongWith(snapshot);
    if (wrong !== undefined) return refused(`configuration ${snapshot.number} is refused: ${wrong}`);
    this.#replace(snapshot, source);
    return CURRENT;
  }

  #receiveDelta(payload: unknown): Received {
    const parsed = parseDelta(payload);
    const held = this.#configuration?.snapshot;
    if (!parsed.ok || held === undefined || this.#source !== 'server') return { is: 'unfit' };
    if (!isSameEnvironment(held, parsed.delta)) return refused(`a change of ${parsed.delta.environment} was sent`);
    if (parsed.delta.number <= held.number) return KNOWN;
    const after = applyDelta(held, parsed.delta);
    // Whoever spoils a change may let the whole one pass; if not, that is refused with what is wrong with it.
    if (after === undefined || this.#wrongWith(after) !== undefined) return { is: 'unfit' };
    this.#replace(after, 'server');
    return CURRENT;
  }

  /** What the server says to be the newest, against what is held. */
  #compare(payload: unknown): Received {
    const newest = typeof payload === 'object' && payload !== null && 'number' in payload ? payload.number : undefined;
    const held = this.#configuration?.number;
    if (held === undefined || typeof newest !== 'number' || newest > held) return { is: 'unfit' };
    return newest === held
      ? CURRENT
      : refused(`the server is at configuration ${newest}, before ${held}, which is kept`);
  }

  #replace(snapshot: Snapshot, source: Source): void {
    const before = this.#configuration;
    const after = compile(snapshot, before);
    this.#configuration = after;
    this.#source = source;
    this.#changed({ configuration: after.number, flags: changedFlags(before, after) }, source);
  }
}

interface Place {
  readonly project: string;
  readonly environment: string;
}

function isSameEnvironment(one: Place, other: Place): boolean {
  return one.project === other.project && one.environment === other.environment;
}

function refused(problem: string): Received {
  return { is: 'refused', problem };
}

/** Undefined, which no payload is, for what is no JSON. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
