import { performance } from 'node:perf_hooks';
import type { Call, CallControl, InstanceTimeouts } from './call.ts';
import { type ConnectionOwner, InstanceConnection } from './connection.ts';
import { type Deadlined, Deadlines } from './deadlines.ts';

/** Connections to one instance; calls beyond wait for one of them. */
export const CONNECTIONS_PER_INSTANCE_MAX = 1_024;

/** After a failed connection an instance is asked last for this long. */
export const DOWN_FOR_MS = 1_000;

/** One address where a version listens, and the connections kept to it. */
export class Instance implements ConnectionOwner {
  readonly url: string;
  inFlight = 0;
  readonly #host: string;
  readonly #port: number;
  readonly #timeouts: InstanceTimeouts;
  readonly #deadlines: Deadlines;
  readonly #connections = new Set<InstanceConnection>();
  readonly #idle: InstanceConnection[] = [];
  readonly #waiting: WaitingCall[] = [];
  #isRetired = false;
  #downUntilMs = 0;

  constructor(url: string, timeouts: InstanceTimeouts, deadlines: Deadlines) {
    const { hostname, port } = new URL(url);
    this.url = url;
    this.#host = hostname.replace(/^\[|\]$/g, '');
    this.#port = port === '' ? 80 : Number(port);
    this.#timeouts = timeouts;
    this.#deadlines = deadlines;
  }

  /** On a connection that was kept, or else on a new one. */
  send(call: Call): CallControl {
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (!kept.isUsable) continue;
      kept.start(call);
      return kept;
    }
    return this.sendAnew(call);
  }

  /** On a connection that nobody has used before. */
  sendAnew(call: Call): CallControl {
    if (this.#connections.size < CONNECTIONS_PER_INSTANCE_MAX) return this.#connect(call);
    const waiting = new WaitingCall(call, this.#deadlines, this.#timeouts.answerMs);
    this.#waiting.push(waiting);
    return waiting;
  }

  /** Closes kept connections now and the others after their call. */
  retire(): void {
    this.#isRetired = true;
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  destroy(): void {
    this.#isRetired = true;
    for (const connection of [...this.#connections]) connection.close();
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

  onFree(connection: InstanceConnection): void {
    const next = this.#nextWaiting();
    if (next) next.startOn(connection);
    else if (this.#isRetired) connection.close();
    else this.#idle.push(connection);
  }

  onClosed(connection: InstanceConnection): void {
    this.#connections.delete(connection);
    const idle = this.#idle.indexOf(connection);
    if (idle !== -1) this.#idle.splice(idle, 1);
    const next = this.#nextWaiting();
    if (next) next.become(this.#connect(next.call));
  }

  #connect(call: Call): InstanceConnection {
    const parts = {
      host: this.#host,
      port: this.#port,
      timeouts: this.#timeouts,
      deadlines: this.#deadlines,
      owner: this,
    };
    const connection = new InstanceConnection(parts, call);
    this.#connections.add(connection);
    return connection;
  }

  #nextWaiting(): WaitingCall | undefined {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) if (!next.isCancelled) return next;
    return undefined;
  }
}

/** A call that waits for a connection, as long as for an answer; from then on it stands for that. */
class WaitingCall implements CallControl, Deadlined {
  readonly call: Call;
  readonly deadline: number;
  isCancelled = false;
  readonly #deadlines: Deadlines;
  #control: CallControl | undefined;

  constructor(call: Call, deadlines: Deadlines, answerMs: number) {
    this.call = call;
    this.#deadlines = deadlines;
    this.deadline = deadlines.in(answerMs);
    deadlines.watch(this);
  }

  expire(): void {
    this.cancel();
    this.call.onFailure('timeout');
  }

  startOn(connection: InstanceConnection): void {
    this.#deadlines.forget(this);
    this.#control = connection;
    connection.start(this.call);
  }

  become(control: CallControl): void {
    this.#deadlines.forget(this);
    this.#control = control;
  }

  pause(): void {
    this.#control?.pause();
  }

  resume(): void {
    this.#control?.resume();
  }

  cancel(): void {
    this.isCancelled = true;
    this.#deadlines.forget(this);
    this.#control?.cancel();
  }
}

/** Shares one instance, and so its connections, between all routes that name its address. */
export class InstanceRegistry {
  readonly #timeouts: InstanceTimeouts;
  readonly #deadlines = new Deadlines();
  readonly #held = new Map<string, { readonly instance: Instance; holders: number }>();

  constructor(timeouts: InstanceTimeouts) {
    this.#timeouts = timeouts;
  }

  hold(url: string): Instance {
    const held = this.#held.get(url) ?? { instance: new Instance(url, this.#timeouts, this.#deadlines), holders: 0 };
    this.#held.set(url, held);
    held.holders += 1;
    return held.instance;
  }

  /** The last release closes kept connections; calls under way keep theirs to the end. */
  release(url: string): void {
    const held = this.#held.get(url);
    if (!held) return;
    held.holders -= 1;
    if (held.holders > 0) return;
    this.#held.delete(url);
    held.instance.retire();
  }

  destroy(): void {
    for (const held of this.#held.values()) held.instance.destroy();
    this.#held.clear();
    this.#deadlines.stop();
  }
}

/** The least busy instance that was not tried yet; ones that refused lately only when there is no other. */
export function pickInstance(
  instances: readonly Instance[],
  tried: readonly Instance[] | undefined,
): Instance | undefined {
  if (instances.length === 1 && !tried) return instances[0];
  const nowMs = performance.now();
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
