import type {
  AccessToken,
  AskedCoverage,
  CodeReferences,
  Definitions,
  Dependant,
  Difference,
  Environment,
  EnvironmentSettings,
  EnvironmentUpdate,
  Flag,
  FlagEnvironmentInput,
  FlagInput,
  ImportMode,
  KillSwitch,
  KillSwitchInput,
  LogEntry,
  ManifestFlag,
  ManifestFlagInput,
  Noun,
  Outcome,
  Overlap,
  PlannedChange,
  PlanTerms,
  Preview,
  Principal,
  ProfileInput,
  Rollout,
  RolloutCommand,
  RolloutPlan,
  RuleReach,
  Segment,
  SegmentDependents,
  SegmentInput,
  Service,
  ServiceInput,
  Staleness,
  TokenKind,
  Unreachable,
} from '@spillway/core';
import type { Evaluation, EvaluationContext, Snapshot, SnapshotDelta, Trace } from '@spillway/evaluator';
import type { ClientAccess } from './access/client-access.ts';
import type { PreviewSample } from './contexts/sample.ts';
import type { ClientEvent, ClientValues } from './evaluation/client-value.ts';
import type { EventUseCases } from './events/events.ts';
import type { FlagListRequest, FlagPage } from './flags/list.ts';
import type { ManifestEntry } from './flags/manifest.ts';
import type { ObservationUseCases } from './observations/report.ts';
import type { Instance } from './ports/index.ts';
import type { FoundReference } from './references/directory.ts';
import type { SegmentPage } from './segments/list.ts';

/** Who asks, why, and under which conditions. Permissions are checked per use case, nowhere else. */
export interface Call {
  readonly principal: Principal;
  readonly reason?: string;
  /** From `If-Match`; absent: write on whatever version is current. */
  readonly expected_version?: number;
  readonly idempotency_key?: string;
}

export type Versioned<T> = T & { readonly version: number };

/** What a change left behind; `unchanged` when it was so before, and no version was made. */
export type Written<T> = Versioned<T> & { readonly unchanged?: true };

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string;
}

/** What depends on a flag or asks for it. */
export interface FlagDependents {
  readonly flags: readonly Dependant[];
  /** Segments do not ask for flags; named so that every noun answers alike. */
  readonly segments: readonly string[];
  readonly switches: readonly string[];
  readonly references: readonly FoundReference[];
}

/** What differs between two versions of a document. */
export interface Comparison {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Difference[];
}

export type Answer<T> = Promise<Outcome<T>>;

export interface Control {
  readonly flags: {
    list(call: Call, request: FlagListRequest): Answer<FlagPage>;
    get(call: Call, key: string): Answer<Versioned<Flag>>;
    create(call: Call, input: FlagInput): Answer<Written<Flag>>;
    replace(call: Call, key: string, input: FlagInput): Answer<Written<Flag>>;
    updateEnvironment(call: Call, key: string, environment: string, input: FlagEnvironmentInput): Answer<Written<Flag>>;
    archive(call: Call, key: string): Answer<Written<Flag>>;
    remove(call: Call, key: string): Answer<void>;
    history(call: Call, key: string, page: PageRequest): Answer<Page<LogEntry>>;
    version(call: Call, key: string, version: number): Answer<Versioned<Flag>>;
    compare(call: Call, key: string, range: { readonly from?: number; readonly to?: number }): Answer<Comparison>;
    /**
     * What a change would do to the contexts given, or to those that were asked for lately; checked as saving it would be,
     * and nothing is written.
     */
    preview(call: Call, key: string, request: PreviewRequest): Answer<FlagPreview>;
    /** Makes the flag again what it was at a version, as a new change; also one that was deleted. */
    restore(call: Call, key: string, version: number): Answer<Written<Flag>>;
    staleness(call: Call, key: string): Answer<{ readonly stale: Staleness | null }>;
    references(call: Call, key: string): Answer<{ readonly references: readonly FoundReference[] }>;
    dependents(call: Call, key: string): Answer<FlagDependents>;
  };
  /** The same flags as OpenFeature's tools exchange them. */
  readonly manifest: {
    /** All but archived ones, by key. */
    list(call: Call): Answer<{ readonly flags: readonly ManifestFlag[] }>;
    create(call: Call, input: ManifestFlagInput & Required<Pick<ManifestFlag, 'defaultValue'>>): Answer<ManifestEntry>;
    update(call: Call, key: string, input: ManifestFlagInput): Answer<ManifestEntry>;
    /** Refuses `conflict` when it is archived already. */
    archive(call: Call, key: string): Answer<{ readonly archived_at_ms: number }>;
  };
  readonly segments: {
    list(call: Call, page: PageRequest & { readonly search?: string }): Answer<SegmentPage>;
    get(call: Call, key: string): Answer<Versioned<Segment>>;
    create(call: Call, input: SegmentInput): Answer<Written<Segment>>;
    replace(call: Call, key: string, input: SegmentInput): Answer<Written<Segment>>;
    remove(call: Call, key: string): Answer<void>;
    dependents(call: Call, key: string): Answer<SegmentDependents>;
    /** The keys come in batches as they arrive; nothing is changed before the last one. What they throw is thrown on. */
    importMembers(
      call: Call,
      key: string,
      mode: ImportMode,
      batches: AsyncIterable<readonly string[]>,
    ): Answer<MemberImport>;
    /** How many of the profiles belong to it. */
    estimate(call: Call, key: string): Answer<Estimate>;
    /** The same for one that is not stored, or not so. */
    estimateDraft(call: Call, input: SegmentInput): Answer<Estimate>;
    overlap(call: Call, keys: readonly string[]): Answer<Overlap & Pick<Estimate, 'profiles' | 'sampled'>>;
    /** Who came and went over time, the newest first. */
    membership(call: Call, key: string): Answer<{ readonly items: readonly MembershipPoint[] }>;
    /** What a change would do to every flag whose answers may depend on the segment; nothing is written. */
    preview(call: Call, key: string, request: SegmentPreviewRequest): Answer<SegmentPreview>;
    /** Which of the keys the segment's list holds. */
    checkMembers(call: Call, key: string, keys: readonly string[]): Answer<MemberCheck>;
  };
  readonly profiles: {
    /** By key; `cursor` is the last key of the page before. */
    list(
      call: Call,
      page: { readonly limit: number; readonly cursor?: string; readonly prefix?: string },
    ): Answer<Page<ShownProfile>>;
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
  readonly evaluation: {
    /** An unknown flag is an Evaluation with FLAG_NOT_FOUND. */
    one(call: Call, flag: string, context: EvaluationContext, how?: Asked): Answer<ExplainedEvaluation>;
    many(
      call: Call,
      context: EvaluationContext,
      how?: Asked & { readonly flags?: readonly string[] },
    ): Answer<{ readonly configuration: number; readonly evaluations: readonly ExplainedEvaluation[] }>;
    /** Every flag's answer for one context and nothing of how it came about; this is what browsers get. */
    values(call: Call, context: EvaluationContext): Answer<ClientValues>;
    /** Calls `listener` in order: first with all values, then with those that another configuration changed. */
    follow(call: Call, context: EvaluationContext, listener: (event: ClientEvent) => void): Answer<Subscription>;
    /**
     * Calls `listener` with the number of every configuration that comes after `since` (default: now), and of the current one
     * at once if it is another.
     */
    watch(call: Call, since: number | undefined, listener: (configuration: number) => void): Answer<Subscription>;
  };
  readonly events: EventUseCases;
  readonly observations: ObservationUseCases;
  readonly snapshots: {
    current(call: Call): Answer<SerialisedSnapshot>;
    /** Calls `listener` in order, each number once: first what was missed since `since`, then every change. */
    subscribe(call: Call, since: number | undefined, listener: (event: SnapshotEvent) => void): Answer<Subscription>;
  };
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
  readonly definitions: {
    /** What applying would do, and the fingerprint that binds an application to it. */
    plan(call: Call, definitions: Definitions, terms: PlanTerms): Answer<DefinitionPlan>;
    /** All of it in one commit, or nothing; refuses `stale` when the plan would be another by now. */
    apply(call: Call, definitions: Definitions, terms: PlanTerms, fingerprint: string): Answer<DefinitionPlan>;
    /** Everything active, or what bears one mark, as somebody would write it. */
    export(call: Call, only: { readonly managed_by?: string }): Answer<ExportedDefinitions>;
  };
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
  readonly access: {
    /** The principal a bearer secret belongs to; undefined when unknown, expired or revoked. */
    authenticate(secret: string): Promise<Principal | undefined>;
    authenticateSession(secret: string): Promise<Principal | undefined>;
    /**
     * What the holder of an SDK or client key may show where no header can be sent, for some minutes; undefined for
     * anybody else. The same one until it is renewed, on every replica.
     */
    ticketFor(secret: string): string | undefined;
    /** Whose ticket it is while it may be shown and the key behind it counts. */
    authenticateTicket(ticket: string): Promise<Principal | undefined>;
    /** The same of a ticket that was shown in time: only its key still has to count. */
    ticketHolder(ticket: string): Promise<Principal | undefined>;
    list(call: Call, page: PageRequest): Answer<Page<Omit<AccessToken, 'secret_sha256'>>>;
    issue(call: Call, input: TokenInput): Answer<Omit<AccessToken, 'secret_sha256'> & { readonly secret: string }>;
    revoke(call: Call, key: string): Answer<void>;
    /** A code for the sign-in link: works once, for ten minutes, and only its SHA-256 is kept, in memory. */
    createSignInCode(): string;
    /** The same for an admin who asks for a link. */
    offerSignIn(call: Call): Answer<{ readonly code: string; readonly expires_at_ms: number }>;
    signIn(
      code: string,
    ): Answer<{ readonly secret: string; readonly principal: Principal; readonly expires_at_ms: number }>;
    signOut(secret: string): Promise<void>;
    /**
     * Makes sure that there is an admin token: the one with this secret, or, without a secret, a new one when there is
     * none in force. Answers the secret of a token made just now. For the wiring, which nobody can call from outside.
     */
    bootstrap(secret?: string): Answer<{ readonly secret?: string }>;
  };
  /** What relays have to know to let browsers in as this server does; for SDK keys, each of its own environment. */
  readonly clientAccess: {
    current(call: Call): Answer<ClientAccess>;
    /** The present first, unless its number is `since`; then whatever it becomes. */
    subscribe(call: Call, since: number | undefined, listener: (access: ClientAccess) => void): Answer<Subscription>;
  };
  readonly audit: {
    /** May answer fewer than the limit, even none, with a `next`: a request looks at so many entries and no more. */
    list(call: Call, page: PageRequest & ChangeFilter): Answer<Page<LogEntry>>;
    /** Newest first, to the end, a piece at a time. */
    export(call: Call, filter: ChangeFilter): Answer<AsyncIterable<readonly LogEntry[]>>;
    verify(call: Call): Answer<Verification>;
    /** In order, each entry once, starting after `since` (default: now). */
    subscribe(call: Call, since: number | undefined, listener: (entry: LogEntry) => void): Answer<Subscription>;
  };
  /** Makes what must exist exist (default environments), loads snapshots and starts the loops. */
  start(): Promise<void>;
  /** Stops the loops; what was under way is finished or left to be resumed. */
  stop(): Promise<void>;
}

/** Which changes are meant; all of what is given must fit. */
export interface ChangeFilter {
  readonly noun?: Noun;
  readonly key?: string;
  /** As the log has it, or without the way in: `token:ann` or `ann`. */
  readonly actor?: string;
  /** Changes of this environment, or that hold in it too; changes of others alone are left out. */
  readonly environment?: string;
  /** Milliseconds; `from` is within, `to` is not. */
  readonly from?: number;
  readonly to?: number;
  /** Found in any letter case in who, what, why, and the documents before and after. */
  readonly search?: string;
}

/** Either `flag`, or `environment` and `update`. */
export interface PreviewRequest {
  readonly flag?: FlagInput;
  readonly environment?: string;
  readonly update?: FlagEnvironmentInput;
  /** Absent: those that the environment was asked for lately. */
  readonly contexts?: readonly EvaluationContext[];
}

export interface FlagPreview {
  readonly environments: Readonly<Record<string, EnvironmentPreview>>;
  /** Rules that no context will ever get to. */
  readonly warnings: readonly Unreachable[];
}

export interface EnvironmentPreview extends Preview {
  readonly sample: PreviewSample;
  /** Whom each rule would be about, in their order. */
  readonly rules: readonly RuleReach[];
  /** Other flags that would answer differently because they require this one. */
  readonly dependents: Readonly<Record<string, DependentPreview>>;
  /** How many flags that require this one were not looked at, for want of time. */
  readonly dependents_left_out: number;
}

export type DependentPreview = Pick<Preview, 'changed' | 'share' | 'transitions'>;

export interface SegmentPreviewRequest {
  readonly segment: SegmentInput;
  /** All of them unless one is named. */
  readonly environment?: string;
  readonly contexts?: readonly EvaluationContext[];
}

export interface SegmentPreview {
  readonly environments: Readonly<Record<string, SegmentPreviewIn>>;
}

export interface SegmentPreviewIn {
  readonly sample: PreviewSample;
  /** How many of the contexts belong to the segment, and would. */
  readonly members: {
    readonly before: number;
    readonly after: number;
    readonly entered: number;
    readonly left: number;
  };
  /** Every flag whose answers may depend on the segment, changed or not. */
  readonly flags: Readonly<Record<string, Preview>>;
  /** How many such flags were not looked at, for want of time. */
  readonly flags_left_out: number;
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

/** How an evaluation is asked for. */
export interface Asked {
  /** For admins, who have to name it; an SDK principal has its own. */
  readonly environment?: string;
  /** The moment to answer for, if not now: the past has its own configuration, the future the present one. */
  readonly at_ms?: number;
  /** Whether each answer comes with its trace. */
  readonly trace?: boolean;
  /** A configuration that the caller has heard of: a replica that is behind it reads on before it answers. */
  readonly heard_of?: number;
}

export type ExplainedEvaluation = Evaluation & { readonly trace?: Trace };

export interface PlannedDefinition {
  readonly noun: 'flags' | 'segments';
  readonly key: string;
  readonly action: PlannedChange['action'];
  readonly diff: readonly Difference[];
}

export interface DefinitionPlan {
  readonly changes: readonly PlannedDefinition[];
  readonly fingerprint: string;
}

export interface ExportedDefinitions extends Definitions {
  readonly managed_by?: string;
}

export interface SerialisedSnapshot {
  readonly snapshot: Snapshot;
  /** The JSON to send, made once per configuration. */
  readonly text: string;
  readonly etag: string;
}

export type SnapshotEvent =
  | { readonly event: 'snapshot'; readonly id: number; readonly data: Snapshot; readonly text: string }
  | { readonly event: 'delta'; readonly id: number; readonly data: SnapshotDelta; readonly text: string }
  /** Ends what a follower that went on from somewhere had missed. */
  | {
      readonly event: 'current';
      readonly id: number;
      readonly data: { readonly number: number };
      readonly text: string;
    };

/** What an import came to. */
export interface MemberImport {
  readonly version: number;
  readonly count: number;
  readonly added: number;
  readonly removed: number;
}

/** The size of a segment by the profiles that are kept; of those that were looked at, a share with its interval. */
export interface Estimate {
  readonly profiles: number;
  readonly sampled: number;
  /** Whether all were looked at, so that nothing is estimated. */
  readonly exact: boolean;
  readonly share: number;
  readonly members: number;
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
}

export interface MembershipPoint {
  readonly at: string;
  readonly profiles: number;
  readonly sampled: number;
  /** Among those that were looked at, as are the next two. */
  readonly members: number;
  readonly entered: number;
  readonly left: number;
}

export interface ShownProfile extends ProfileInput {
  readonly updated_at: string;
}

export interface MemberCheck {
  readonly count: number;
  readonly items: readonly { readonly key: string; readonly listed: boolean }[];
}

export interface Subscription {
  close(): void;
}

export interface TokenInput {
  readonly name: string;
  readonly kind: TokenKind;
  readonly environment?: string;
  readonly expires_in_ms?: number;
}

export type Verification =
  | { readonly is: 'intact'; readonly entries: number; readonly head: string }
  | { readonly is: 'broken'; readonly seq: number; readonly problem: string };

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
