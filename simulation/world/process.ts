import {
  type Clock,
  converge,
  type DriveDeps,
  drive,
  type Instance,
  newDriveMemory,
  type Route,
  type Store,
} from '@spillway/control';
import type { Service } from '@spillway/core';
import { type FaultRates, faulty, type Life, newLife } from './faults.ts';
import type { Platform } from './platform.ts';
import type { SeededRandom } from './random.ts';

export const PROJECT = 'default';

const QUIET = { info() {}, warn() {}, error() {} };

/** One replica of the control plane, which dies and is started again. */
export interface Replica {
  readonly name: string;
  /** Begins a pass unless one is under way; it goes on while time passes. */
  drive(rollout: string): void;
  converge(services: readonly Service[]): void;
  /** What this replica saw in its last looks at a service; a look that failed left nothing. */
  lastSeen(service: string): Sighting | undefined;
  readonly lives: number;
}

export interface Sighting {
  instances?: readonly Instance[];
  route?: Route;
}

export interface ReplicaDeps {
  readonly name: string;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly store: Store;
  readonly platform: Platform;
  readonly rates: () => FaultRates;
  /** Called with what a driver or converger sends to the router, when it arrives. */
  readonly onApply: (replica: string, route: Route) => void;
}

export function createReplica(deps: ReplicaDeps): Replica {
  const seen = new Map<string, Sighting>();
  let lives = 0;
  let incarnation = begin();

  function begin() {
    lives += 1;
    const life = newLife();
    const holder = `${deps.name}-${lives}`;
    return {
      life,
      ports: portsOf(deps, life, holder, seen),
      memory: newDriveMemory(),
      driving: false,
      converging: false,
    };
  }

  /** A dead process is started again by whoever watches it. */
  function alive() {
    if (incarnation.life.isOver) incarnation = begin();
    return incarnation;
  }

  return {
    name: deps.name,
    get lives() {
      return lives;
    },
    lastSeen: (service) => seen.get(service),
    drive(rollout) {
      const current = alive();
      if (current.driving) return;
      current.driving = true;
      const pass = drive(current.ports, rollout, current.memory).catch(() => {});
      void Promise.race([pass, current.life.over]).then(() => {
        current.driving = false;
      });
    },
    converge(services) {
      const current = alive();
      if (current.converging) return;
      current.converging = true;
      const work = Promise.all(services.map((service) => converge(current.ports, service).catch(() => {})));
      void Promise.race([work, current.life.over]).then(() => {
        current.converging = false;
      });
    },
  };
}

function portsOf(
  { clock, random, store, platform, rates, onApply, name }: ReplicaDeps,
  life: Life,
  holder: string,
  seen: Map<string, Sighting>,
): DriveDeps {
  const through = faulty(clock, random, life, rates);
  return {
    clock,
    log: QUIET,
    project: PROJECT,
    holder,
    follower: { async committed() {} },
    store: {
      ...store,
      read: (...args) => through(() => store.read(...args)),
      list: (...args) => through(() => store.list(...args)),
      commit: (...args) => through(() => store.commit(...args)),
      acquireLease: (...args) => through(() => store.acquireLease(...args)),
    },
    target: {
      run: (...args) => through(() => platform.target.run(...args)),
      stop: (...args) => through(() => platform.target.stop(...args)),
      async observe(service) {
        const { instances: _, ...rest } = seen.get(service) ?? {};
        seen.set(service, rest);
        const instances = await through(() => platform.target.observe(service));
        seen.set(service, { ...seen.get(service), instances });
        return instances;
      },
    },
    router: {
      apply: (route) =>
        through(async () => {
          onApply(name, route);
          await platform.router.apply(route);
        }),
      async observe(service) {
        const { route: _, ...rest } = seen.get(service) ?? {};
        seen.set(service, rest);
        const route = await through(() => platform.router.observe(service));
        if (route !== undefined) seen.set(service, { ...seen.get(service), route });
        return route;
      },
    },
    metrics: { read: (...args) => through(() => platform.metrics.read(...args)) },
  };
}
