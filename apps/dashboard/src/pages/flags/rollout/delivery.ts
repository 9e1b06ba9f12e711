import { ruleName } from '@spillway/core/wording';
import type { Change, FlagEnvironment, FlagRule, FlagServe } from '../../../documents.ts';
import { rfc3339 } from '../../../ui/time.ts';
import { loggedFlag } from '../flag-changes.ts';
import { pair, partsNow, type RampServe, type StagesServe } from '../serve-now.ts';

type SplitServe = Extract<FlagServe, { split: unknown }>;
export type Schedule = { readonly stages: StagesServe } | { readonly ramp: RampServe };
export type Shared = SplitServe | Schedule;

/** A place in an environment's targeting that serves shares: a rule, or everyone else. */
export interface Delivery {
  /** The rule's id; `EVERYONE_ELSE` for those whom no rule matches. */
  readonly id: string;
  readonly name: string;
  readonly rule?: FlagRule;
  readonly serve: Shared;
}

/** `by_hand`: shares that move only when somebody moves them. */
export type Phase = 'planned' | 'under_way' | 'complete' | 'by_hand';

/** No rule's id can be empty. */
export const EVERYONE_ELSE = '';

/** What reaches people by shares, in the order in which an evaluation reads it. */
export function deliveriesOf(state: FlagEnvironment): readonly Delivery[] {
  const found: Delivery[] = [];
  for (const [index, rule] of state.rules.entries()) {
    if (isShared(rule.serve)) found.push({ id: rule.id, name: ruleName(rule, index + 1), rule, serve: rule.serve });
  }
  if (isShared(state.fallthrough)) {
    const name = state.rules.length === 0 ? 'Everyone' : 'Everyone else';
    found.push({ id: EVERYONE_ELSE, name, serve: state.fallthrough });
  }
  return found;
}

function isShared(serve: FlagServe): serve is Shared {
  return 'split' in serve || 'stages' in serve || 'ramp' in serve;
}

export function isSchedule(serve: FlagServe): serve is Schedule {
  return 'stages' in serve || 'ramp' in serve;
}

export function phaseOf(serve: Shared, now: number): Phase {
  if ('split' in serve) return 'by_hand';
  const [begin, end] = reachOf(serve);
  if (now < begin) return 'planned';
  return now < end ? 'under_way' : 'complete';
}

/** From when until when a schedule moves anybody. */
function reachOf(serve: Schedule): readonly [number, number] {
  if ('ramp' in serve) return [Date.parse(serve.ramp.from), Date.parse(serve.ramp.to)];
  const times = serve.stages.steps.map(({ from }) => Date.parse(from));
  return [times[0] ?? 0, times.at(-1) ?? 0];
}

/** Place of the stage that lasts now; -1 before the first. */
export function stageNow({ steps }: StagesServe, now: number): number {
  return steps.findLastIndex(({ from }) => Date.parse(from) <= now);
}

/** Stays where it is: the same people, and nobody comes or goes until somebody says so. */
export function held(serve: Schedule, now: number): FlagServe {
  return { split: partsNow(serve, now).map((part) => ({ ...part })) };
}

/** The next stage begins now, and those after it come as much earlier; undefined when there is none. */
export function advanced(serve: Schedule, now: number): FlagServe | undefined {
  if (!('stages' in serve)) return undefined;
  const at = toSecond(now);
  const next = stageNow(serve.stages, now) + 1;
  const step = serve.stages.steps[next];
  return step === undefined ? undefined : moved(serve, at - Date.parse(step.from), next);
}

/** Where the schedule ends, at once. */
export function completed(serve: Schedule): FlagServe {
  const parts = partsNow(serve, Number.POSITIVE_INFINITY);
  const whole = parts.find(({ percentage }) => percentage === 100);
  return whole === undefined ? { split: parts.map((part) => ({ ...part })) } : { variant: whole.variant };
}

/** Everyone gets again what they got before the first stage. */
export function takenBack(serve: Schedule): FlagServe {
  return { variant: 'ramp' in serve ? serve.ramp.otherwise : serve.stages.otherwise };
}

export interface Stopped {
  readonly schedule: Schedule;
  readonly at_ms: number;
}

/** Of the flag's history: documents as the log keeps them. */
interface Entry extends Pick<Change, 'at_ms' | 'version'> {
  readonly before: unknown;
  readonly after: unknown;
}

/** The schedule that ran until somebody held it where it stands now; undefined when the shares were set otherwise. */
export function stoppedSchedule(
  entries: readonly Entry[],
  environment: string,
  { id, serve }: Pick<Delivery, 'id' | 'serve'>,
): Stopped | undefined {
  if (!('split' in serve)) return undefined;
  for (const { before, after, at_ms, version } of entries) {
    if (!isSameSplit(serveAt(loggedFlag(after, version)?.environments[environment], id), serve)) return undefined;
    const earlier = serveAt(loggedFlag(before, version)?.environments[environment], id);
    if (earlier === undefined) return undefined;
    if (isSchedule(earlier)) return isReached(serve, earlier, at_ms) ? { schedule: earlier, at_ms } : undefined;
  }
  return undefined;
}

/** The schedule from the share at which it was held: nobody leaves, and what was to come takes as long as it would have. */
export function resumed({ schedule, at_ms }: Stopped, { split }: SplitServe, now: number): FlagServe {
  const at = toSecond(now);
  if ('stages' in schedule) return moved(schedule, at - toSecond(at_ms), stageNow(schedule.stages, at_ms) + 1);
  const { from, to, from_percentage: low, to_percentage: high } = schedule.ramp;
  const reached = split[0]?.percentage ?? low;
  const left = high === low ? 0 : (high - reached) / (high - low);
  const length = (Date.parse(to) - Date.parse(from)) * left;
  return {
    ramp: { ...schedule.ramp, from: rfc3339(at), to: rfc3339(toSecond(at + length)), from_percentage: reached },
  };
}

/** The state with something else served at one place. */
export function withServe(state: FlagEnvironment, id: string, serve: FlagServe): FlagEnvironment {
  if (id === EVERYONE_ELSE) return { ...state, fallthrough: serve };
  return { ...state, rules: state.rules.map((rule) => (rule.id === id ? { ...rule, serve } : rule)) };
}

function serveAt(state: FlagEnvironment | undefined, id: string): FlagServe | undefined {
  return id === EVERYONE_ELSE ? state?.fallthrough : state?.rules.find((rule) => rule.id === id)?.serve;
}

function isSameSplit(serve: FlagServe | undefined, { split }: SplitServe): boolean {
  const parts = serve !== undefined && 'split' in serve ? serve.split : undefined;
  return (
    parts?.length === split.length &&
    parts.every((part, at) => part.variant === split[at]?.variant && part.percentage === split[at]?.percentage)
  );
}

/** A ramp may be held anywhere on its way; stages at none but the one that lasted. */
function isReached({ split }: SplitServe, schedule: Schedule, at_ms: number): boolean {
  if ('stages' in schedule) return isSameSplit({ split: [...partsNow(schedule, at_ms)] }, { split });
  const { variant, otherwise, from_percentage: low, to_percentage: high } = schedule.ramp;
  const reached = split[0]?.percentage ?? Number.NaN;
  const isOnTheWay = reached >= Math.min(low, high) && reached <= Math.max(low, high);
  return isOnTheWay && isSameSplit({ split: [...pair(variant, otherwise, reached)] }, { split });
}

/** Stages from one place on, all moved by the same time. */
function moved({ stages }: { readonly stages: StagesServe }, by: number, first: number): FlagServe {
  const steps = stages.steps.map((step, place) =>
    place < first ? step : { ...step, from: rfc3339(Date.parse(step.from) + by) },
  );
  return { stages: { ...stages, steps } };
}

/** Moments as people write them. */
function toSecond(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}
