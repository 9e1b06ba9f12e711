import { accept, countingSettings, type Outcome, refuse } from '@spillway/core';
import type { Evaluation } from '@spillway/evaluator';
import { type Registers, readSketch } from '@spillway/statistics';
import { requireAdmin, requireReader } from '../access/permission.ts';
import type { Call } from '../call.ts';
import type { Collector } from '../contexts/collector.ts';
import { contextsToKeep } from '../contexts/keep.ts';
import type { Control } from '../control.ts';
import type { EnvironmentDirectory } from '../environments/directory.ts';
import { unknownEnvironment } from '../environments/unknown.ts';
import { EVENTS_KEPT_MS } from '../events/retention.ts';
import type { FlagDirectory } from '../flags/directory.ts';
import { unknownFlag } from '../flags/refusals.ts';
import type { Clock, Exposures, HourCount, Store, UsageSource, UserSketch } from '../ports/index.ts';
import { activityOf } from './activity.ts';
import { type Configurations, configurationsOf, spanning } from './configurations.ts';
import type { Counted, SentUsers, Summary, UsageIn, UsageReport } from './report.ts';
import { TakenSummaries } from './taken-summaries.ts';
import { KEPT_MS, type Tally } from './tally.ts';
import { reportedSince, uniqueUsersOf } from './unique-users.ts';
import type { UserTally } from './user-tally.ts';

/** Clocks of applications may be wrong, and what they send may be late; beyond this it is counted for now. */
const LATEST_MS = 24 * 3_600_000;

export interface ObservationDeps {
  readonly store: Store;
  readonly project: string;
  readonly clock: Clock;
  readonly environments: EnvironmentDirectory;
  readonly flags: FlagDirectory;
  readonly tally: Tally;
  readonly users: Pick<UserTally, 'of'>;
  readonly collector: Pick<Collector, 'terms' | 'offer'>;
  readonly usage: UsageSource;
}

export function createObservationUseCases(deps: ObservationDeps): Control['observations'] {
  const { store, project, clock, environments, flags, tally } = deps;
  const taken = new TakenSummaries();
  return {
    async summarise(call, summary) {
      const reader = requireReader(call);
      if (!reader.ok) return reader;
      if (call.principal.kind !== 'sdk') {
        return refuse('forbidden', 'Only an SDK key sends summaries. Use the key of the application.');
      }
      const { environment } = reader.value;
      const met = readUsers(summary.users ?? []);
      if (!met.ok) return met;
      const counted = taken.has(call)
        ? accept({ counted: ofKnownFlags(deps, summary).length })
        : count(deps, environment, summary, met.value);
      if (!counted.ok) return counted;
      taken.add(call);
      const { unique_users } = countingSettings(environments.get(environment) ?? {});
      const users = unique_users ? { unique_users } : {};
      return accept({ ...counted.value, ...users, ...(await collect(deps, environment, summary)) });
    },
    async usage(call, key, environment) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await flags.lookAgainFor([key]);
      if (!flags.flags.has(key)) return unknownFlag(key);
      if (environment !== undefined && !environments.keys.has(environment)) {
        return unknownEnvironment(environment, environments.keys, '/environment');
      }
      await tally.flush();
      const now = clock.now();
      const hours = await store.observations.hours(project, key, Math.floor(now) - KEPT_MS);
      const sketches = await store.userSketches.of(project, key, reportedSince(now));
      const exposures = await store.events.exposures(project, key, Math.floor(now) - EVENTS_KEPT_MS);
      const wanted = environment === undefined ? [...environments.keys] : [environment];
      const within = <T extends { readonly environment: string }>(all: readonly T[], name: string) =>
        all.filter((each) => each.environment === name);
      const usageIn = (each: string) => ({
        ...usageOf(within(hours, each), within(sketches, each), now),
        exposures: exposuresOf(within(exposures, each)),
      });
      const usages = wanted.map((each) => [each, usageIn(each)] as const);
      const [first] = await store.entries(project, { noun: 'flags', key, limit: 1 });
      const created_at = first === undefined ? null : new Date(first.at_ms).toISOString();
      return accept<UsageReport>({ created_at, environments: Object.fromEntries(usages) });
    },
    async activity(call, asked) {
      const admin = requireAdmin(call);
      if (!admin.ok) return admin;
      await tally.flush();
      return accept(await activityOf(deps, asked));
    },
  };
}

interface MetUsers extends Omit<SentUsers, 'sketch'> {
  readonly registers: Registers;
}

function readUsers(sent: readonly SentUsers[]): Outcome<readonly MetUsers[]> {
  const met: MetUsers[] = [];
  for (const [index, { flag, variant, sketch }] of sent.entries()) {
    const registers = readSketch(sketch);
    if (registers === undefined) return unreadable(index);
    met.push({ flag, variant, registers });
  }
  return accept(met);
}

function unreadable(index: number) {
  return refuse('invalid', 'A sketch of users cannot be read. Send it as docs/reference/unique-users.md says.', {
    fields: [{ field: `/users/${index}/sketch`, message: 'is no sketch: see docs/reference/unique-users.md' }],
  });
}

/** Flags that are not there are left out: a name that nobody made must not take room. */
function ofKnownFlags({ flags }: ObservationDeps, { counts }: Summary): Summary['counts'] {
  return counts.filter(({ flag }) => flags.flags.has(flag));
}

function count(
  deps: ObservationDeps,
  environment: string,
  summary: Summary,
  met: readonly MetUsers[],
): Outcome<{ readonly counted: number }> {
  const { clock, flags, tally, users } = deps;
  const known = ofKnownFlags(deps, summary);
  if (known.length > tally.room) {
    return refuse('rate_limited', 'More evaluation counts wait to be written than there is room for. Send less often.');
  }
  const now = clock.now();
  const at_ms = summary.to_ms > now || summary.to_ms < now - LATEST_MS ? now : summary.to_ms;
  for (const each of known) tally.record(environment, each, at_ms);
  for (const { registers, ...variant } of met) {
    if (flags.flags.has(variant.flag)) users.of(environment, variant, at_ms)?.merge(registers);
  }
  return accept({ counted: known.length });
}

/** Takes the contexts that may be kept, and says what may be told from now on. */
async function collect(
  { clock, collector }: ObservationDeps,
  environment: string,
  { contexts }: Summary,
): Promise<Pick<Counted, 'contexts'>> {
  const terms = await collector.terms(environment);
  if (terms === undefined) return {};
  if (contexts?.recent_contexts === terms.recent_contexts) {
    collector.offer(environment, contextsToKeep(contexts.items, terms, clock.now()));
  }
  return { contexts: terms };
}

function usageOf(
  hours: readonly HourCount[],
  sketches: readonly UserSketch[],
  now: number,
): Omit<UsageIn, 'exposures'> {
  const variants: Record<string, number> = {};
  const configurations = new Map<string, Configurations>();
  const series = new Map<number, Record<string, number>>();
  let evaluations = 0;
  let last_ms: number | null = null;
  for (const hour of hours) {
    const { variant, hour_ms, evaluations: more, last_ms: last } = hour;
    evaluations += more;
    last_ms = Math.max(last_ms ?? last, last);
    const counts = series.get(hour_ms) ?? {};
    series.set(hour_ms, counts);
    if (variant === null) continue;
    add(variants, variant, more);
    add(counts, variant, more);
    const span = spanning(configurations.get(variant), configurationsOf(hour));
    if (span !== undefined) configurations.set(variant, span);
  }
  return {
    evaluations,
    last_evaluated_at: last_ms === null ? null : new Date(last_ms).toISOString(),
    variants,
    configurations: Object.fromEntries(configurations),
    unique_users: uniqueUsersOf(sketches, now),
    series: [...series].map(([hour_ms, counts]) => ({ at: new Date(hour_ms).toISOString(), counts })),
  };
}

function exposuresOf(exposures: readonly Exposures[]): UsageIn['exposures'] {
  return Object.fromEntries(
    exposures.flatMap(({ variant, events, users }) => (variant === null ? [] : [[variant, { events, users }]])),
  );
}

function add(counts: Record<string, number>, name: string, more: number): void {
  counts[name] = (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + more;
}

/** Counts what was answered over the API to an application; what a person asks is a look, not a use. */
export function countAnswer(
  tally: Pick<Tally, 'record'>,
  call: Call,
  answer: Pick<Evaluation, 'flagKey' | 'variant' | 'reason' | 'errorCode' | 'flagMetadata'>,
  user: unknown,
  now: number,
): void {
  if (call.principal.kind === 'admin' || answer.errorCode === 'FLAG_NOT_FOUND') return;
  const { flagKey: flag, variant = null, reason, flagMetadata } = answer;
  const configurations = { first: flagMetadata.configuration, last: flagMetadata.configuration };
  const known = typeof user === 'string' && user !== '' ? { user } : {};
  tally.record(call.principal.environment, { flag, variant, reason, count: 1, configurations, ...known }, now);
}
