import { randomBytes } from 'node:crypto';
import { isAbsolute, join, resolve } from 'node:path';
import type { Instance } from '@spillway/control';
import type { VersionSpec } from '@spillway/core';
import {
  activeSlots,
  type Desired,
  findVersion,
  isSameProgram,
  isSameSpec,
  type Slot,
  withoutSlot,
  withoutVersion,
  withVersion,
} from './desired/desired.ts';
import type { DesiredFile } from './desired/file.ts';
import { environmentOf } from './instance/environment.ts';
import { findByEnvironment, isAlive } from './instance/identity.ts';
import { type Adopted, Keeper } from './instance/keeper.ts';
import { type LogFile, logFile, logPath, pruneLogs } from './instance/log-file.ts';
import { adopt } from './instance/own-process.ts';
import { pidFile } from './instance/pid-file.ts';
import { chooseFreePort } from './instance/port.ts';
import { startMeter } from './usage/meter.ts';

export const INSTANCES_MAX = 256;
const ID_VERSION_LENGTH = 48;

export interface FleetOptions {
  readonly pidDirectory: string;
  readonly logDirectory: string;
  /** What a version's relative directory is relative to. */
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: DesiredFile;
  readonly log: (line: string) => void;
  readonly now?: () => number;
  readonly random?: () => number;
}

export type RunOutcome =
  | { readonly is: 'recorded' }
  | { readonly is: 'refused'; readonly field: string; readonly message: string };

/** Everything that runs on this machine for Spillway. Changes are recorded one after another before they are done. */
export interface Fleet {
  run(service: string, spec: VersionSpec): Promise<RunOutcome>;
  stop(service: string, version: string): Promise<void>;
  observe(service: string): readonly Instance[];
  log(instance: string): LogFile | undefined;
  /** `stop` ends all processes gracefully, `leave` lets them go on. What is wanted stays recorded. */
  close(how: 'stop' | 'leave'): Promise<void>;
  /** While `close('stop')` waits: no more grace. */
  hurry(): void;
}

interface Kept {
  readonly slot: Slot;
  readonly keeper: Keeper;
  readonly log: LogFile;
}

/** Takes up what an earlier supervisor left, then keeps what is wanted running. */
export async function openFleet(desired: Desired, options: FleetOptions): Promise<{ fleet: Fleet; adopted: number }> {
  const fleet = new ProcessFleet(desired, options);
  const adopted = await fleet.resume();
  return { fleet, adopted };
}

class ProcessFleet implements Fleet {
  readonly #options: FleetOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #meter = startMeter(() => this.#groups());
  #desired: Desired;
  #turn: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(desired: Desired, options: FleetOptions) {
    this.#desired = desired;
    this.#options = options;
  }

  async resume(): Promise<number> {
    let adopted = 0;
    await pruneLogs(this.#options.logDirectory, new Set(this.#desired.slots.map((slot) => slot.id)));
    for (const slot of this.#desired.slots) {
      const found = await this.#findProcess(slot);
      if (found !== undefined) adopted += 1;
      const spec = findVersion(this.#desired, slot.service, slot.version)?.spec;
      if (slot.retiring !== undefined && found === undefined) await this.#forget(slot.id);
      else this.#keep(slot, spec ?? retiredSpec(slot), found);
    }
    return adopted;
  }

  run(service: string, spec: VersionSpec): Promise<RunOutcome> {
    return this.#inTurn(async (): Promise<RunOutcome> => {
      const current = findVersion(this.#desired, service, spec.name)?.spec;
      if (current !== undefined && isSameSpec(current, spec)) return { is: 'recorded' };
      if (current !== undefined && !isSameProgram(current, spec)) {
        const message = `${spec.name} of ${service} already runs with another command, directory or env. Give the changed program a new version name, or stop this one first.`;
        return { is: 'refused', field: 'name', message };
      }
      const active = activeSlots(this.#desired, service, spec.name);
      const missing = Math.max(0, spec.instances - active.length);
      if (this.#desired.slots.length + missing > INSTANCES_MAX) {
        const message = `would make more than ${INSTANCES_MAX} instances on this machine. Run fewer, or stop a version.`;
        return { is: 'refused', field: 'instances', message };
      }
      const added = await this.#newSlots(service, spec.name, missing);
      await this.#record(withVersion(this.#desired, service, spec, added));
      for (const slot of active.slice(0, spec.instances)) this.#kept.get(slot.id)?.keeper.change(spec);
      for (const slot of active.slice(spec.instances)) this.#retire(slot.id, spec.grace_ms);
      for (const slot of added) this.#keep(slot, spec);
      return { is: 'recorded' };
    });
  }

  stop(service: string, version: string): Promise<void> {
    return this.#inTurn(async () => {
      const current = findVersion(this.#desired, service, version);
      if (current === undefined) return;
      const leaving = activeSlots(this.#desired, service, version);
      await this.#record(withoutVersion(this.#desired, service, version));
      for (const slot of leaving) this.#retire(slot.id, current.spec.grace_ms);
    });
  }

  observe(service: string): readonly Instance[] {
    const instances: Instance[] = [];
    for (const { slot, keeper } of this.#kept.values()) {
      if (slot.service !== service) continue;
      const usage = keeper.group === undefined ? undefined : this.#meter.usage(keeper.group);
      instances.push({ ...keeper.view(), ...usage });
    }
    return instances;
  }

  log(instance: string): LogFile | undefined {
    return this.#kept.get(instance)?.log;
  }

  async close(how: 'stop' | 'leave'): Promise<void> {
    this.#closing = true;
    await this.#turn;
    const keepers = [...this.#kept.values()].map(({ keeper }) => keeper);
    await Promise.all(keepers.map(async (keeper) => void (await (how === 'stop' ? keeper.stop() : keeper.detach()))));
    await this.#turn;
    this.#meter.close();
  }

  hurry(): void {
    for (const { keeper } of this.#kept.values()) keeper.kill();
  }

  #keep(slot: Slot, spec: VersionSpec, adopted?: Adopted): void {
    const { environment, workingDirectory, logDirectory, now = Date.now, random = Math.random } = this.#options;
    const log = logFile(logPath(logDirectory, slot.id));
    const keeper = new Keeper(
      {
        names: slot,
        log,
        pidFile: this.#pidFile(slot.id),
        environment: (current) => environmentOf(current, slot, environment),
        directory: ({ directory = '.' }) => (isAbsolute(directory) ? directory : resolve(workingDirectory, directory)),
        now,
        random,
      },
      spec,
    );
    this.#kept.set(slot.id, { slot, keeper, log });
    keeper.start(adopted);
    if (slot.retiring !== undefined) this.#retire(slot.id, slot.retiring.grace_ms);
  }

  #retire(id: string, graceMs: number): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    kept.keeper
      .stop(graceMs)
      .then((how) => (how === 'gone' ? this.#inTurn(() => this.#forget(id), 'even when closing') : undefined))
      .catch((error: unknown) => this.#options.log(`${id} is gone but still recorded: ${String(error)}`));
  }

  async #forget(id: string): Promise<void> {
    await this.#record(withoutSlot(this.#desired, id));
    this.#kept.delete(id);
    await pruneLogs(this.#options.logDirectory, new Set(this.#kept.keys()));
  }

  /** Only what is proven to be ours: same number, same time of birth; or its environment names the slot. */
  async #findProcess(slot: Slot): Promise<Adopted | undefined> {
    const note = await this.#pidFile(slot.id).read();
    if (note === undefined) {
      const found = findByEnvironment(slot.id);
      return found === undefined ? undefined : { process: adopt(found), restarts: 0 };
    }
    const { identity, restarts, asked_to_stop_at_ms } = note;
    if (!isAlive(identity)) return undefined;
    return {
      process: adopt(identity),
      restarts,
      ...(asked_to_stop_at_ms === undefined ? {} : { askedToStopAtMs: asked_to_stop_at_ms }),
    };
  }

  async #newSlots(service: string, version: string, count: number): Promise<readonly Slot[]> {
    const reserved = new Set(this.#desired.slots.map((slot) => slot.port));
    const slots: Slot[] = [];
    for (let made = 0; made < count; made += 1) {
      const port = await chooseFreePort(reserved, this.#options.random ?? Math.random);
      reserved.add(port);
      const id = `${version.slice(0, ID_VERSION_LENGTH)}-${randomBytes(6).toString('hex')}`;
      slots.push({ id, service, version, port });
    }
    return slots;
  }

  async #record(desired: Desired): Promise<void> {
    await this.#options.file.save(desired);
    this.#desired = desired;
  }

  #inTurn<T>(work: () => Promise<T>, when: 'open' | 'even when closing' = 'open'): Promise<T> {
    const done = this.#turn.then(() => {
      if (this.#closing && when === 'open') throw new Error('The supervisor is stopping.');
      return work();
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #groups(): ReadonlySet<number> {
    const groups = new Set<number>();
    for (const { keeper } of this.#kept.values()) if (keeper.group !== undefined) groups.add(keeper.group);
    return groups;
  }

  #pidFile(id: string) {
    return pidFile(join(this.#options.pidDirectory), id);
  }
}

/** A slot that is only waiting to be emptied needs nothing of its version but the grace time. */
function retiredSpec(slot: Slot): VersionSpec {
  return {
    name: slot.version,
    command: ['false'],
    env: {},
    instances: 1,
    health: { path: '/', interval_ms: 1_000, timeout_ms: 1_000, start_timeout_ms: 1_000 },
    grace_ms: slot.retiring?.grace_ms ?? 0,
  };
}
