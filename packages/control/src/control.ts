import type {
  AskedCoverage,
  CodeReferences,
  Environment,
  EnvironmentSettings,
  EnvironmentUpdate,
  KillSwitch,
  KillSwitchInput,
  LogEntry,
  ManifestFlag,
  ManifestFlagInput,
  ProfileInput,
  ProfileSearch,
  Rollout,
  RolloutCommand,
  RolloutPlan,
  Service,
  ServiceInput,
} from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import type { ClientAccess } from './access/client-access.ts';
import type { AccessUseCases } from './access/use-cases.ts';
import type { AuditUseCases } from './audit/use-cases.ts';
import type { Answer, Call, Page, PageRequest, Subscription, Versioned, Written } from './call.ts';
import type { DefinitionUseCases } from './definitions/use-cases.ts';
import type { EvaluationUseCases } from './evaluation/use-cases.ts';
import type { EventUseCases } from './events/events.ts';
import type { ManifestEntry } from './flags/manifest.ts';
import type { FlagUseCases } from './flags/use-cases.ts';
import type { ObservationUseCases } from './observations/report.ts';
import type { Instance } from './ports/index.ts';
import type { SearchPlace } from './profiles/search.ts';
import type { SegmentUseCases } from './segments/use-cases.ts';
import type { SnapshotUseCases } from './snapshots/use-cases.ts';

/** All that can be asked of a control plane, by noun; what nouns with much to ask for answer is said in their folders. */
export interface Control {
  readonly flags: FlagUseCases;
  /** The same flags as OpenFeature's tools exchange them. */
  readonly manifest: {
    /** All but archived ones, by key. */
    list(call: Call): Answer<{ readonly flags: readonly ManifestFlag[] }>;
    create(call: Call, input: ManifestFlagInput & Required<Pick<ManifestFlag, 'defaultValue'>>): Answer<ManifestEntry>;
    update(call: Call, key: string, input: ManifestFlagInput): Answer<ManifestEntry>;
    /** Refuses `conflict` when it is archived already. */
    archive(call: Call, key: string): Answer<{ readonly archived_at_ms: number }>;
  };
  readonly segments: SegmentUseCases;
  readonly profiles: {
    /** By key; `cursor` is the last key that was looked at. A search looks at so many, and may find none among them. */
    list(call: Call, page: SearchPlace & ProfileSearch): Answer<ShownProfiles>;
    /** With the segments it belongs to. */
    get(call: Call, key: string): Answer<ShownProfile & { readonly segments: readonly string[] }>;
    put(call: Call, input: ProfileInput): Answer<ShownProfile & { readonly segments: readonly string[] }>;
    remove(call: Call, key: string): Answer<void>;
    /** Each profile was checked; they are written as they arrive, so that what came before a fault stays. */
    upload(call: Call, batches: AsyncIterable<readonly ProfileInput[]>): Answer<{ readonly stored: number }>;
  };
  readonly references: {
    /** Takes the place of everything that was known of the repository. */
    replace(call: Call, given: CodeReferences): Answer<Written<CodeReferences>>;
  };
  readonly evaluation: EvaluationUseCases;
  readonly events: EventUseCases;
  readonly observations: ObservationUseCases;
  readonly snapshots: SnapshotUseCases;
  readonly switches: {
    list(call: Call, page: PageRequest): Answer<Page<Versioned<KillSwitch>>>;
    get(call: Call, key: string): Answer<Versioned<KillSwitch>>;
    create(call: Call, input: KillSwitchInput): Answer<Written<KillSwitch>>;
    remove(call: Call, key: string): Answer<void>;
    /** With a scope it is made if it does not exist; one that exists must cover what is said here. */
    activate(call: Call, key: string, cover?: AskedCoverage): Answer<Written<KillSwitch>>;
    release(call: Call, key: string): Answer<Written<KillSwitch>>;
  };
  readonly services: {
    list(call: Call, page: PageRequest): Answer<Page<Versioned<Service>>>;
    put(call: Call, environment: string, key: string, input: ServiceInput): Answer<Written<Service>>;
    get(call: Call, environment: string, key: string): Answer<Versioned<Service>>;
    status(call: Call, environment: string, key: string, since_ms?: number): Answer<ServiceStatus>;
  };
  readonly rollouts: {
    list(call: Call, page: PageRequest): Answer<Page<Versioned<Rollout>>>;
    get(call: Call, key: string): Answer<Versioned<Rollout>>;
    apply(call: Call, plan: RolloutPlan): Answer<Versioned<Rollout>>;
    command(call: Call, key: string, command: RolloutCommand): Answer<Versioned<Rollout>>;
    history(call: Call, key: string, page: PageRequest): Answer<Page<LogEntry>>;
  };
  readonly definitions: DefinitionUseCases;
  readonly environments: {
    list(call: Call, page: PageRequest): Answer<Page<Versioned<ShownEnvironment>>>;
    create(call: Call, input: Environment): Answer<Written<ShownEnvironment>>;
    /** Contexts that were collected under other settings are deleted before it answers. */
    update(call: Call, key: string, update: EnvironmentUpdate): Answer<Written<ShownEnvironment>>;
    /** Whether pages of this origin may use the environment's client keys; without one, those of any environment. */
    allowsOrigin(origin: string, key?: string): boolean;
  };
  readonly contexts: {
    /** Whom an environment was asked for lately, in no order that says anything of them. */
    list(call: Call, environment: string, page: PageRequest): Answer<ContextPage>;
    /** Deletes all, or the one with this targeting key; how many there were. */
    remove(call: Call, environment: string, targetingKey?: string): Answer<{ readonly deleted: number }>;
  };
  readonly access: AccessUseCases;
  /** What relays have to know to let browsers in as this server does; for SDK keys, each of its own environment. */
  readonly clientAccess: {
    current(call: Call): Answer<ClientAccess>;
    /** The present first, unless its number is `since`; then whatever it becomes. */
    subscribe(call: Call, since: number | undefined, listener: (access: ClientAccess) => void): Answer<Subscription>;
  };
  readonly audit: AuditUseCases;
  /** Makes what must exist exist (default environments), loads snapshots and starts the loops. */
  start(): Promise<void>;
  /** Stops the loops; what was under way is finished or left to be resumed. */
  stop(): Promise<void>;
}

/** An environment with every setting, also those that nobody made. */
export type ShownEnvironment = Environment & EnvironmentSettings;

export interface ContextPage extends Page<ShownContext> {
  readonly recent_contexts: EnvironmentSettings['recent_contexts'];
  /** Of all pages together, as are the times. */
  readonly count: number;
  readonly oldest_at: string | null;
  readonly newest_at: string | null;
}

export interface ShownContext {
  readonly context: EvaluationContext;
  readonly seen_at: string;
}

export interface ShownProfiles extends Page<ShownProfile> {
  /** Only of a search: how many this request looked at, and how many there are. */
  readonly searched?: { readonly looked_at: number; readonly profiles: number };
}

export interface ShownProfile extends ProfileInput {
  readonly updated_at: string;
}

export interface ServiceStatus {
  readonly key: string;
  readonly environment: string;
  readonly live?: string;
  readonly desired_shares: Readonly<Record<string, number>> | null;
  readonly actual_shares: Readonly<Record<string, number>> | null;
  readonly instances: readonly Instance[];
  readonly series: readonly SeriesPoint[];
}

export interface SeriesPoint {
  readonly at_ms: number;
  readonly version: string;
  readonly requests: number;
  readonly errors: number;
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly in_flight: number;
  readonly share: number;
}
