import type { Instance } from '@spillway/control';
import type { VersionSpec } from '@spillway/core';
import { BACK_OFF_RESET_MS, backOffMs } from './back-off.ts';
import type { InstanceNames } from './environment.ts';
import { LOG_CHECK_MS, type LogFile } from './log-file.ts';
import { type OwnProcess, type SpawnOutcome, spawnOwn } from './own-process.ts';
import type { PidFile } from './pid-file.ts';
import { isPortFree } from './port.ts';
import { probe } from './probe.ts';

/** Failed checks in a row after which an instance that was healthy is not any more. */
export const UNHEALTHY_AFTER = 3;
/** An instance that stays unhealthy this long is ended and started again. */
export const UNHEALTHY_MAX_MS = 60_000;
const STARTING_INTERVAL_MS = 100;
const PROBE_TIME_MIN_MS = 50;
const GROUP_POLL_MS = 50;
const GRACE_LOOK_MS = 200;
/** How long the system may take to end a process that got SIGKILL before it is given up on. */
const KILL_WAIT_MS = 5_000;

export interface KeeperParts {
  readonly names: InstanceNames;
  readonly log: LogFile;
  readonly pidFile: PidFile;
  readonly environment: (spec: VersionSpec) => Record<string, string>;
  readonly directory: (spec: VersionSpec) => string;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Adopted {
  readonly process: OwnProcess;
  readonly restarts: number;
  readonly askedToStopAtMs?: number;
}

type State = Instance['state'];

/** Keeps one instance running in its slot: starts, checks, starts again, and in the end stops it. */
export class Keeper {
  readonly #parts: KeeperParts;
  readonly #stop = new AbortController();
  readonly #detach = new AbortController();
  #spec: VersionSpec;
  #state: State = 'starting';
  #problem: string | undefined;
  #process: OwnProcess | undefined;
  #restarts = 0;
  #failures = 0;
  #healthySinceMs: number | undefined;
  #graceMs: number;
  #askedToStopAtMs: number | undefined;
  #life: Promise<void> | undefined;

  constructor(parts: KeeperParts, spec: VersionSpec) {
    this.#parts = parts;
    this.#spec = spec;
    this.#graceMs = spec.grace_ms;
  }

  start(adopted?: Adopted): void {
    if (adopted !== undefined) {
      this.#process = adopted.process;
      this.#restarts = adopted.restarts;
      this.#askedToStopAtMs = adopted.askedToStopAtMs;
    }
    this.#life = this.#live();
  }

  /** From the next check, start or stop on. */
  change(spec: VersionSpec): void {
    this.#spec = spec;
    this.#graceMs = spec.grace_ms;
  }

  get group(): number | undefined {
    return this.#process?.identity.pid;
  }

  view(): Instance {
    const { id, version, port } = this.#parts.names;
    return {
      id,
      version,
      url: `http://127.0.0.1:${port}`,
      state: this.#stop.signal.aborted ? 'stopping' : this.#state,
      restarts: this.#restarts,
      ...(this.#problem === undefined ? {} : { problem: this.#problem }),
    };
  }

  /** Returns when the process and all it started are gone, or when it has been let go meanwhile. */
  async stop(graceMs = this.#graceMs): Promise<'gone' | 'let_go'> {
    this.#graceMs = graceMs;
    this.#stop.abort();
    await this.#life;
    return this.#detach.signal.aborted ? 'let_go' : 'gone';
  }

  /** Lets the process go on without this supervisor. */
  async detach(): Promise<void> {
    this.#detach.abort();
    this.#process?.forget();
    await this.#life;
  }

  kill(): void {
    this.#stop.abort();
    this.#process?.killGroup();
  }

  async #live(): Promise<void> {
    while (!this.#isOver()) {
      this.#process ??= await this.#launch();
      if (this.#process !== undefined) await this.#watch(this.#process);
      if (this.#detach.signal.aborted) return;
      if (this.#process !== undefined) await this.#end(this.#process);
      if (this.#detach.signal.aborted) return;
      this.#process = undefined;
      if (!this.#isOver()) await this.#backOff();
    }
  }

  #isOver(): boolean {
    return this.#stop.signal.aborted || this.#detach.signal.aborted;
  }

  async #launch(): Promise<OwnProcess | undefined> {
    this.#state = 'starting';
    const { port, id } = this.#parts.names;
    const outcome: SpawnOutcome = (await isPortFree(port))
      ? await spawnOwn({
          command: this.#spec.command,
          directory: this.#parts.directory(this.#spec),
          env: this.#parts.environment(this.#spec),
          logPath: this.#parts.log.path,
        }).catch((error: unknown) => ({ is: 'failed', problem: `Command did not start: ${String(error)}` }))
      : { is: 'failed', problem: `Port ${port} is taken by another program.` };
    if (outcome.is === 'failed') {
      this.#problem = outcome.problem;
      return undefined;
    }
    await this.#note({ instance: id, identity: outcome.process.identity, restarts: this.#restarts });
    return outcome.process;
  }

  /** Returns when the process has ended, must end, or is to be let go. */
  async #watch(process: OwnProcess): Promise<void> {
    const over = new AbortController();
    const finish = () => over.abort();
    const ended = process.exited.then((how) => {
      if (!over.signal.aborted) this.#exited(how);
      finish();
    });
    const sinceMs = this.#parts.now();
    this.#stop.signal.addEventListener('abort', finish);
    this.#detach.signal.addEventListener('abort', finish);
    if (this.#isOver()) finish();
    const logs = this.#keepLogSmall(over.signal);
    await this.#check(sinceMs, over.signal);
    finish();
    await logs;
    this.#stop.signal.removeEventListener('abort', finish);
    this.#detach.signal.removeEventListener('abort', finish);
    if (process.hasExited()) await ended;
    if (process.hasExited() && !this.#isOver()) await this.#explainExit(sinceMs);
  }

  /** Health checks until the signal, or until the process must be started anew. */
  async #check(startedMs: number, signal: AbortSignal): Promise<void> {
    const { port } = this.#parts.names;
    let failed = 0;
    let unhealthySinceMs: number | undefined;
    while (!signal.aborted) {
      const { path, interval_ms, timeout_ms, start_timeout_ms } = this.#spec.health;
      const outcome = await probe(port, path, Math.max(timeout_ms, PROBE_TIME_MIN_MS), signal);
      if (signal.aborted) return;
      const now = this.#parts.now();
      if (outcome.is === 'healthy') {
        failed = 0;
        unhealthySinceMs = undefined;
        this.#healthySinceMs ??= now;
        this.#state = 'healthy';
        this.#problem = undefined;
      } else {
        failed += 1;
        const problem = `Health check ${path} failed: ${outcome.problem}.`;
        if (this.#state === 'starting') {
          if (outcome.is === 'failed') this.#problem = problem;
          if (now - startedMs >= start_timeout_ms) {
            this.#problem = `Not healthy within ${start_timeout_ms} ms. ${problem}`;
            this.#state = 'unhealthy';
            return;
          }
        } else if (failed >= UNHEALTHY_AFTER) {
          this.#problem = problem;
          this.#state = 'unhealthy';
          this.#healthySinceMs = undefined;
          unhealthySinceMs ??= now;
          if (now - unhealthySinceMs >= UNHEALTHY_MAX_MS) return;
        }
      }
      const usual = Math.max(interval_ms, PROBE_TIME_MIN_MS);
      await pause(this.#state === 'starting' ? Math.min(usual, STARTING_INTERVAL_MS) : usual, signal);
    }
  }

  async #keepLogSmall(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#parts.log.rotate().catch(() => undefined);
      await pause(LOG_CHECK_MS, signal);
    }
  }

  #exited(how: string): void {
    const now = this.#parts.now();
    if (this.#healthySinceMs !== undefined && now - this.#healthySinceMs >= BACK_OFF_RESET_MS) this.#failures = 0;
    this.#state = 'backing_off';
    this.#problem = `The process ${how}.`;
  }

  async #explainExit(startedMs: number): Promise<void> {
    const seconds = ((this.#parts.now() - startedMs) / 1_000).toFixed(1);
    const line = await this.#parts.log.lastLine();
    const said = line === '' ? ' It wrote nothing.' : ` It wrote: ${line}`;
    this.#problem = `${this.#problem?.replace(/\.$/, '') ?? 'The process ended'} after ${seconds} s.${said}`;
  }

  /** SIGTERM, then SIGKILL for the whole group when the grace time is over. */
  async #end(process: OwnProcess): Promise<void> {
    const wanted = this.#stop.signal.aborted;
    if (!process.hasExited()) {
      if (this.#askedToStopAtMs === undefined) {
        this.#askedToStopAtMs = this.#parts.now();
        process.terminate();
        const { id } = this.#parts.names;
        await this.#note({
          instance: id,
          identity: process.identity,
          restarts: this.#restarts,
          asked_to_stop_at_ms: this.#askedToStopAtMs,
        });
      }
      const left = new AbortController();
      await Promise.race([process.exited, this.#graceOver(left.signal)]);
      left.abort();
      if (this.#detach.signal.aborted) return;
    } else if (!wanted) {
      // After a crash nothing may hold the port that the next start needs.
      process.killGroup();
    }
    if (!process.groupIsEmpty() && this.#graceLeftMs() > 0) process.terminateGroup();
    while (!process.groupIsEmpty() && this.#graceLeftMs() > 0) await pause(GROUP_POLL_MS);
    process.killGroup();
    const waited = new AbortController();
    await Promise.race([process.exited, pause(KILL_WAIT_MS, waited.signal)]);
    waited.abort();
    process.forget();
    this.#askedToStopAtMs = undefined;
    await this.#parts.pidFile.remove().catch(() => undefined);
  }

  #graceLeftMs(): number {
    return this.#askedToStopAtMs === undefined ? 0 : this.#askedToStopAtMs + this.#graceMs - this.#parts.now();
  }

  /** Looks again now and then: a second stop may have brought another grace time. */
  async #graceOver(signal: AbortSignal): Promise<void> {
    const over = AbortSignal.any([signal, this.#detach.signal]);
    while (!over.aborted && this.#graceLeftMs() > 0) await pause(Math.min(this.#graceLeftMs(), GRACE_LOOK_MS), over);
  }

  async #backOff(): Promise<void> {
    this.#state = 'backing_off';
    this.#healthySinceMs = undefined;
    this.#failures += 1;
    await pause(
      backOffMs(this.#failures, this.#parts.random()),
      AbortSignal.any([this.#stop.signal, this.#detach.signal]),
    );
    this.#restarts += 1;
  }

  /** Without the note the instance still runs; a later supervisor then finds it by its environment. */
  async #note(note: Parameters<PidFile['write']>[0]): Promise<void> {
    await this.#parts.pidFile.write(note).catch(() => undefined);
  }
}

/** Resolves after the time, or at once when the signal aborts. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
