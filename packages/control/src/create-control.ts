import { createAccessUseCases } from './access/access.ts';
import { createClientAccesses } from './access/client-access.ts';
import { createCredentials } from './access/credentials.ts';
import { createAuditUseCases } from './audit/audit.ts';
import { createCollector } from './contexts/collector.ts';
import { createContextUseCases } from './contexts/contexts.ts';
import type { Control } from './control.ts';
import { createDefinitionUseCases } from './definitions/definitions.ts';
import { createChanges } from './documents/changes.ts';
import { createStructure } from './documents/structure.ts';
import { createEnvironmentDirectory } from './environments/directory.ts';
import { createEnvironmentUseCases } from './environments/environments.ts';
import { createEvaluationUseCases } from './evaluation/evaluation.ts';
import { signersIn, subjectsOf } from './evaluation/signed-context.ts';
import { createEventUseCases } from './events/events.ts';
import { createEventRetention } from './events/retention.ts';
import { createLogFollower } from './feed/log-follower.ts';
import { createLogTimes } from './feed/log-times.ts';
import { createFlagDirectory } from './flags/directory.ts';
import { createFlagUseCases } from './flags/flags.ts';
import { createManifestUseCases } from './flags/manifest.ts';
import { createStaleFlags } from './flags/stale.ts';
import { createLifecycle } from './lifecycle.ts';
import { createObservationUseCases } from './observations/observations.ts';
import { createTally } from './observations/tally.ts';
import { createUsageSource } from './observations/usage-source.ts';
import { createUserTally } from './observations/user-tally.ts';
import type {
  Bus,
  Clock,
  Log,
  MetricSource,
  Random,
  Router,
  Sha256,
  Sign,
  Signatures,
  Store,
  Target,
} from './ports/index.ts';
import { createProfileUseCases } from './profiles/profiles.ts';
import { createReferenceDirectory } from './references/directory.ts';
import { createReferenceUseCases } from './references/references.ts';
import { desiredShares } from './rollouts/desired.ts';
import { createReconciler } from './rollouts/reconciler.ts';
import { createRolloutUseCases } from './rollouts/rollouts.ts';
import { createSegmentDirectory } from './segments/directory.ts';
import { createSweeper } from './segments/members/sweep.ts';
import { createMembershipRecorder } from './segments/membership/recorder.ts';
import { createSegmentUseCases } from './segments/segments.ts';
import { createServiceUseCases } from './services/services.ts';
import { createSnapshots } from './snapshots/snapshots.ts';
import { createSwitchUseCases } from './switches/switches.ts';
import { createSampler } from './telemetry/sampler.ts';

export interface ControlDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly sha256: Sha256;
  readonly signatures: Signatures;
  /** Signs every snapshot; without it none is signed. */
  readonly sign?: Sign;
  /** Between replicas; a single one does without. */
  readonly bus?: Bus;
  readonly target: Target;
  readonly router: Router;
  readonly metrics: MetricSource;
  readonly log: Log;
  readonly project: string;
  /**
   * Names this process as the holder of leases. Random unless given; one that stays the same over restarts lets the only
   * process of an installation go on at once after a crash instead of waiting for its own lease to run out.
   */
  readonly holder?: string;
}

/** The whole control plane over its ports. Nothing runs before `start`, and nothing is left running after `stop`. */
export function createControl(ports: ControlDeps): Control {
  const { store, project } = ports;
  const follower = createLogFollower(ports);
  const changes = createChanges({ ...ports, follower });
  const environments = createEnvironmentDirectory({ store, project, follower });
  const flags = createFlagDirectory({ ...ports, follower });
  const references = createReferenceDirectory(ports);
  const segments = createSegmentDirectory({ ...ports, follower });
  const credentials = createCredentials(ports);
  const inside = { ...ports, follower, changes, environments, flags, references, segments, credentials };
  const holder = ports.holder ?? ports.random.id();
  const structure = createStructure({ ...inside, holder });
  const snapshots = createSnapshots(inside);
  const collector = createCollector(inside);
  const reconciler = createReconciler({ ...inside, holder });
  const recorder = createMembershipRecorder({ ...inside, snapshots, holder });
  const sampler = createSampler(inside);
  const users = createUserTally(inside);
  const tally = createTally({ ...inside, users });
  const sweeper = createSweeper(ports);
  const retention = createEventRetention(ports);

  const clientAccesses = createClientAccesses(inside);
  const usage = createUsageSource(ports);
  const stale = createStaleFlags({ ...inside, times: createLogTimes(ports), usage });

  const flagUseCases = createFlagUseCases({ ...inside, structure, stale, snapshots, collector });

  return {
    flags: flagUseCases,
    manifest: createManifestUseCases({ ...inside, useCases: flagUseCases }),
    references: createReferenceUseCases(inside),
    segments: createSegmentUseCases({ ...inside, structure, snapshots, collector }),
    profiles: createProfileUseCases({ ...inside, snapshots, changed: recorder.changed }),
    evaluation: createEvaluationUseCases({
      ...inside,
      subjectOf: subjectsOf({
        ...inside,
        signers: (environment) => signersIn(credentials, environment),
        wantsSigned: (environment) => environments.get(environment)?.client_contexts === 'signed',
      }),
      snapshots,
      tally,
      past: { store, project, clock: ports.clock },
    }),
    observations: createObservationUseCases({ ...inside, tally, users, collector, usage }),
    events: createEventUseCases({ ...ports, environments }),
    snapshots: snapshots.useCases,
    switches: createSwitchUseCases({ ...inside, structure }),
    services: createServiceUseCases({
      ...inside,
      desiredShares: (service) => desiredShares(inside, service),
      series: sampler.series,
    }),
    rollouts: createRolloutUseCases(inside),
    definitions: createDefinitionUseCases({ ...inside, structure }),
    environments: createEnvironmentUseCases({ ...inside, collector }),
    contexts: createContextUseCases({ ...inside, collector }),
    access: createAccessUseCases(inside),
    clientAccess: clientAccesses.useCases,
    audit: createAuditUseCases(inside),
    ...createLifecycle({
      ...inside,
      directories: [environments, flags, references, segments, credentials],
      clientAccesses,
      snapshots,
      listeners: [environments, collector, flags, references, segments, credentials, clientAccesses],
      loops: [reconciler, sampler, recorder, tally, collector, sweeper, retention],
      segmentsChanged: recorder.changed,
    }),
  };
}
