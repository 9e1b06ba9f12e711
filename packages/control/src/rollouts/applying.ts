import {
  accept,
  canonicalise,
  type FieldProblem,
  isFinal,
  type Outcome,
  type Rollout,
  type RolloutPlan,
  refuse,
  type Service,
  type StagePlan,
  startRollout,
  type VersionSpec,
  validatePlan,
} from '@spillway/core';
import type { Versioned } from '../call.ts';
import { fromStored, toJson } from '../documents/document.ts';
import { allDocuments } from '../documents/list.ts';
import type { Clock, Store, Target, Write } from '../ports/index.ts';
import { serviceId } from '../services/service-id.ts';
import { servicesOf } from './coverage.ts';
import { OBSERVE_TIMEOUT_MS, within } from './patience.ts';
import { toldInLog } from './telling.ts';

export const APPLIED = 'rollout.started';

export interface ApplyDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly project: string;
  readonly target: Target;
}

/**
 * The writes that start a plan: the new rollout and, in the same commit, its versions in the services' documents. Every service
 * of the plan is written, so that of two plans for one service that are applied at once only one can be accepted.
 */
export async function planApplication(
  deps: ApplyDeps,
  plan: RolloutPlan,
  now: number,
): Promise<Outcome<readonly Write[]>> {
  const valid = validatePlan(plan);
  if (!valid.ok) return withinPlan(valid);
  const free = await checkNothingUnderWay(deps, plan);
  if (!free.ok) return free;
  const services = await readServices(deps, plan);
  if (!services.ok) return services;
  const versions = await checkVersions(deps, plan, services.value);
  if (!versions.ok) return versions;
  const stored = await deps.store.read(deps.project, 'rollouts', plan.key);
  const previous = stored && fromStored('rollouts', stored);
  const started = startRollout(plan, (previous?.generation ?? 0) + 1, now);
  const rollout: Write = {
    noun: 'rollouts',
    key: plan.key,
    expected: previous?.version ?? 0,
    after: toJson(started.rollout),
    action: APPLIED,
    because: toldInLog(started.because ?? []),
  };
  return accept([rollout, ...[...services.value.values()].map((service) => withVersions(service, plan))]);
}

/** Fields of the plan are reported as fields of the request that carries it. */
function withinPlan(refused: Outcome<unknown> & { readonly ok: false }): Outcome<never> {
  const { code, message, fields = [] } = refused.refusal;
  return refuse(code, message, { fields: fields.map((each) => ({ ...each, field: `/plan${each.field}` })) });
}

async function checkNothingUnderWay(deps: ApplyDeps, plan: RolloutPlan): Promise<Outcome<void>> {
  const wanted = new Set(plan.stages.map((stage) => serviceId(plan.environment, stage.service)));
  for await (const { document } of allDocuments(deps, 'rollouts')) {
    if (isFinal(document)) continue;
    const shared = [...servicesOf(document)].find((service) => wanted.has(service));
    if (document.key !== plan.key && shared === undefined) continue;
    return underWay(document, shared);
  }
  return accept(undefined);
}

function underWay({ key, status }: Rollout, shared: string | undefined) {
  const what = shared === undefined ? `Rollout ${key} is` : `Rollout ${key} is moving ${shared} and`;
  const message = `${what} still ${status}. Wait until it has ended, or abort it, then apply this plan again.`;
  return refuse('conflict', message, { details: { rollout: key, status } });
}

async function readServices(
  deps: ApplyDeps,
  plan: RolloutPlan,
): Promise<Outcome<ReadonlyMap<string, Versioned<Service>>>> {
  const services = new Map<string, Versioned<Service>>();
  const problems: FieldProblem[] = [];
  for (const [index, { service }] of plan.stages.entries()) {
    const stored = await deps.store.read(deps.project, 'services', serviceId(plan.environment, service));
    if (stored !== undefined) services.set(service, fromStored('services', stored));
    else problems.push({ field: `/plan/stages/${index}/service`, message: `is no service in ${plan.environment}` });
  }
  if (problems.length === 0) return accept(services);
  const missing = plan.stages.map(({ service }) => service).find((service) => !services.has(service));
  const message = `There is no service ${JSON.stringify(missing)} in ${JSON.stringify(plan.environment)}. Put the service first, then apply the plan.`;
  return refuse('invalid', message, { fields: problems });
}

/** A name stands for one definition as long as anything runs under it. */
async function checkVersions(
  deps: ApplyDeps,
  plan: RolloutPlan,
  services: ReadonlyMap<string, Versioned<Service>>,
): Promise<Outcome<void>> {
  const isLive = (stage: StagePlan) => services.get(stage.service)?.live === stage.version.name;
  for (const [index, stage] of plan.stages.entries()) {
    const known = services.get(stage.service)?.versions[stage.version.name];
    if (known === undefined || sameSpec(known, stage.version)) continue;
    const usable = isLive(stage) ? taken(stage, index, 'is live') : await checkNotRunning(deps, plan, stage, index);
    if (!usable.ok) return usable;
  }
  if (!plan.stages.every(isLive)) return accept(undefined);
  const live = plan.stages.map((stage) => `${stage.version.name} of ${stage.service}`).join(', ');
  return refuse('conflict', `Nothing to roll out: ${live} is live already. Name a new version in the plan.`);
}

async function checkNotRunning(
  deps: ApplyDeps,
  plan: RolloutPlan,
  stage: StagePlan,
  index: number,
): Promise<Outcome<void>> {
  const id = serviceId(plan.environment, stage.service);
  try {
    const instances = await within(deps.clock, OBSERVE_TIMEOUT_MS, () => deps.target.observe(id));
    const runs = instances.some((instance) => instance.version === stage.version.name);
    return runs ? taken(stage, index, 'still has instances') : accept(undefined);
  } catch {
    const message = `The platform cannot be asked whether ${stage.version.name} of ${stage.service} still runs. Try again, or use a new version name.`;
    return refuse('unavailable', message);
  }
}

function taken({ version, service }: StagePlan, index: number, why: string) {
  const message = `Version ${version.name} of ${service} ${why} with another definition. Use a new version name for the new definition.`;
  const field = { field: `/plan/stages/${index}/version/name`, message: `${why} with another definition` };
  return refuse('conflict', message, { fields: [field] });
}

function sameSpec(a: VersionSpec, b: VersionSpec): boolean {
  return canonicalise(toJson(a)) === canonicalise(toJson(b));
}

/** The live version and the plan's: with nothing under way, nothing else of this service runs. */
function withVersions(service: Versioned<Service>, plan: RolloutPlan): Write {
  const { version: expected, ...document } = service;
  const live = document.live === undefined ? undefined : document.versions[document.live];
  const named = plan.stages.filter((stage) => stage.service === service.key).map((stage) => stage.version);
  const kept = [...(live === undefined ? [] : [live]), ...named];
  const versions = Object.fromEntries(kept.map((spec) => [spec.name, spec]));
  return {
    noun: 'services',
    key: serviceId(service.environment, service.key),
    expected,
    after: toJson({ ...document, versions }),
    action: 'service.versions_changed',
    because: toJson({ rollout: plan.key, summary: `Versions of the rollout ${plan.key}.` }),
  };
}
