import { Pool } from 'undici';

/** Connections to one instance; requests beyond wait in its queue. */
export const CONNECTIONS_PER_INSTANCE_MAX = 1_024;

/** After a failed connection an instance is asked last for this long. */
export const DOWN_FOR_MS = 1_000;

export interface InstanceTimeouts {
  readonly connectMs: number;
  /** From the sent request to the answer's head. */
  readonly answerMs: number;
  /** Between two pieces of an answer. */
  readonly silenceMs: number;
}

/** One address where a version listens, and the connections kept to it. */
export class Instance {
  readonly url: string;
  readonly pool: Pool;
  inFlight = 0;
  #downUntilMs = 0;

  constructor(url: string, timeouts: InstanceTimeouts) {
    this.url = url;
    this.pool = new Pool(url, {
      connections: CONNECTIONS_PER_INSTANCE_MAX,
      pipelining: 1,
      connect: { timeout: timeouts.connectMs, noDelay: true, keepAlive: true },
      headersTimeout: timeouts.answerMs,
      bodyTimeout: timeouts.silenceMs,
      allowH2: false,
    });
  }

  isDown(nowMs: number): boolean {
    return nowMs < this.#downUntilMs;
  }

  markDown(nowMs: number): void {
    this.#downUntilMs = nowMs + DOWN_FOR_MS;
  }

  markUp(): void {
    this.#downUntilMs = 0;
  }
}

/** Shares one instance, and so its connections, between all routes that name its address. */
export class InstanceRegistry {
  readonly #timeouts: InstanceTimeouts;
  readonly #held = new Map<string, { readonly instance: Instance; holders: number }>();

  constructor(timeouts: InstanceTimeouts) {
    this.#timeouts = timeouts;
  }

  hold(url: string): Instance {
    const held = this.#held.get(url) ?? { instance: new Instance(url, this.#timeouts), holders: 0 };
    this.#held.set(url, held);
    held.holders += 1;
    return held.instance;
  }

  /** The last release closes idle connections; requests under way keep theirs to the end. */
  release(url: string): void {
    const held = this.#held.get(url);
    if (!held) return;
    held.holders -= 1;
    if (held.holders > 0) return;
    this.#held.delete(url);
    void held.instance.pool.close();
  }

  async destroy(): Promise<void> {
    const pools = [...this.#held.values()].map((held) => held.instance.pool.destroy());
    this.#held.clear();
    await Promise.all(pools);
  }
}

/** The least busy instance that was not tried yet; ones that refused lately only when there is no other. */
export function pickInstance(
  instances: readonly Instance[],
  tried: readonly Instance[] | undefined,
  nowMs: number,
): Instance | undefined {
  if (instances.length === 1 && !tried) return instances[0];
  let best: Instance | undefined;
  let bestDown = true;
  for (const instance of instances) {
    if (tried?.includes(instance)) continue;
    const down = instance.isDown(nowMs);
    if (best && (down !== bestDown ? down : instance.inFlight >= best.inFlight)) continue;
    best = instance;
    bestDown = down;
  }
  return best;
}
