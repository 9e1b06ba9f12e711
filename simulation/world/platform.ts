import type { Clock, Instance, MetricSource, Route, Router, Target } from '@spillway/control';
import type { MetricReading, VersionCounters } from '@spillway/core';
import type { SeededRandom } from './random.ts';

const REQUESTS_PER_SECOND = 200;
/** A latency bucket of about 29 milliseconds. */
const BUCKET = '200';
const FIRST_PORT = 40_000;

/** How a version turns out. */
export interface Quality {
  readonly errorRate: number;
  /** Never answers its health check. */
  readonly stillborn: boolean;
}

interface SimulatedInstance extends Instance {
  state: Instance['state'];
  /** When its state changes by itself. */
  changesAtMs: number;
}

/** Instances, a router and its counters, all true and without faults; the ports of a process see them through its faults. */
export interface Platform {
  readonly target: Target;
  readonly router: Router;
  readonly metrics: MetricSource;
  /** What is true now, for invariants. */
  instances(service: string): readonly Instance[];
  route(service: string): Route | undefined;
  /** Time passes: instances start and stop, traffic flows. */
  live(ms: number): void;
  /** Kills a healthy instance of any service, or all of its version; they are started again after a while. */
  kill(): void;
  /** Someone else moves the weights of a service that has two versions running. */
  meddle(): void;
  /** The counters begin anew. */
  restartGateway(): void;
}

export function createPlatform(
  clock: Clock,
  random: SeededRandom,
  qualities: Readonly<Record<string, Quality>>,
): Platform {
  const running = new Map<string, SimulatedInstance[]>();
  const routes = new Map<string, Route>();
  const counters = new Map<string, Record<string, VersionCounters>>();
  let epoch = 1;
  let made = 0;

  const of = (service: string) => running.get(service) ?? [];
  const all = () => [...running.values()].flat();

  function startOne(version: string): SimulatedInstance {
    made += 1;
    const url = `http://127.0.0.1:${FIRST_PORT + made}`;
    const changesAtMs = clock.now() + random.between(100, 2_000);
    return { id: `${version}-${made}`, version, url, state: 'starting', restarts: 0, changesAtMs };
  }

  function age(instance: SimulatedInstance): void {
    if (clock.now() < instance.changesAtMs) return;
    if (instance.state === 'backing_off') {
      instance.state = 'starting';
      instance.changesAtMs = clock.now() + random.between(100, 1_500);
    } else if (instance.state === 'starting') {
      const stillborn = qualities[instance.version]?.stillborn === true;
      instance.state = stillborn ? 'backing_off' : 'healthy';
      instance.changesAtMs = stillborn ? clock.now() + 2_000 : Number.POSITIVE_INFINITY;
    }
  }

  function serve(service: string, route: Route, ms: number): void {
    const before = counters.get(service) ?? {};
    const after = { ...before };
    for (const { version, share } of route.versions) {
      const old = before[version] ?? { requests: 0, errors: 0, latency: {}, in_flight: 0 };
      const requests = Math.floor((REQUESTS_PER_SECOND * ms * share) / 100_000 / 1_000);
      const errors = Math.floor(requests * (qualities[version]?.errorRate ?? 0));
      const latency = { [BUCKET]: (old.latency[BUCKET] ?? 0) + requests };
      after[version] = { requests: old.requests + requests, errors: old.errors + errors, latency, in_flight: 0 };
    }
    counters.set(service, after);
  }

  return {
    target: {
      async run(service, { name, instances }) {
        const list = of(service);
        const wanted = list.filter((each) => each.version === name && each.state !== 'stopping').length;
        const added = Array.from({ length: Math.max(0, instances - wanted) }, () => startOne(name));
        running.set(service, [...list, ...added]);
      },
      async stop(service, version) {
        for (const each of of(service)) {
          if (each.version !== version || each.state === 'stopping') continue;
          each.state = 'stopping';
          each.changesAtMs = clock.now() + random.between(0, 1_000);
        }
      },
      observe: async (service) => of(service).map((each) => ({ ...each })),
    },
    router: {
      async apply(route) {
        routes.set(route.service, route);
      },
      observe: async (service) => routes.get(service),
    },
    metrics: {
      async read(service): Promise<MetricReading> {
        return { epoch: String(epoch), at_ms: clock.now(), versions: counters.get(service) ?? {} };
      },
    },
    instances: of,
    route: (service) => routes.get(service),
    live(ms) {
      for (const [service, list] of running) {
        list.forEach(age);
        running.set(
          service,
          list.filter((each) => each.state !== 'stopping' || clock.now() < each.changesAtMs),
        );
      }
      for (const [service, route] of routes) serve(service, route, ms);
    },
    kill() {
      const [first, ...others] = all().filter((each) => each.state === 'healthy');
      if (first === undefined) return;
      const victim = random.pick([first, ...others]);
      const whole = random.chance(0.5);
      const changesAtMs = clock.now() + random.between(500, 6_000);
      for (const each of all().filter((other) => other === victim || (whole && other.version === victim.version))) {
        if (each.state !== 'healthy') continue;
        each.state = random.chance(0.7) ? 'backing_off' : 'starting';
        each.changesAtMs = changesAtMs;
      }
    },
    meddle() {
      for (const [service, route] of routes) {
        const [one, other] = route.versions;
        if (one === undefined || other === undefined || !random.chance(0.5)) continue;
        const share = random.between(1, 99_999);
        const versions = [
          { ...one, share },
          { ...other, share: 100_000 - share },
        ];
        routes.set(service, { ...route, versions });
      }
    },
    restartGateway() {
      epoch += 1;
      counters.clear();
    },
  };
}
