import type { Condition, Json } from '@spillway/evaluator';
import { ALWAYS, every, NEVER } from '../conditions.ts';
import { CannotCarry, cannotCarry } from '../report.ts';
import type { SegmentShelf } from '../segments.ts';
import { listOf, type Source, sourceOf, textOf } from '../source.ts';
import { constraintOf, fieldOf, imported, type Notes } from './constraints.ts';
import type { Segments } from './payload.ts';

/**
 * When a strategy turns the feature on: its constraints, those of its segments, and what it asks itself; or why that cannot
 * be said where chance or the application decides.
 */
export function strategyOf(strategy: Source, around: StrategySurroundings, notes: Notes): Condition | CannotCarry {
  const required = every([
    ...listOf(strategy.constraints, 'constraints').map((constraint) => constraintOf(constraint, notes)),
    ...listOf(strategy.segments, 'the segments of a strategy').map((id) => segmentOf(id, around, notes)),
  ]);
  if (required === NEVER) return NEVER;
  const activation = activationOf(strategy, notes);
  return activation instanceof CannotCarry ? activation : every([required, activation]);
}

/** A segment that is not there keeps the strategy from applying, like a constraint that does not hold. */
function segmentOf(id: unknown, { segments, shelf }: StrategySurroundings, notes: Notes): Condition {
  const segment = segments.get(id);
  if (segment === undefined) {
    notes.add(`the segment ${String(id)} is not in the file, so that who is asked for it is nobody`);
    return NEVER;
  }
  if (segment === 'not in the file') {
    return cannotCarry(`the file names the segment ${String(id)} without its constraints; the client payload has them`);
  }
  const constraints = listOf(segment.constraints, 'the constraints of a segment');
  const when = every(constraints.map((constraint) => constraintOf(constraint, notes)));
  const name = typeof segment.name === 'string' && segment.name !== '' ? segment.name : `segment-${String(id)}`;
  return shelf.refer(name, when);
}

/** What the strategies of a file are read among. */
export interface StrategySurroundings {
  readonly segments: Segments;
  readonly shelf: SegmentShelf;
}

type Activation = Condition | CannotCarry;

function activationOf(strategy: Source, notes: Notes): Activation {
  const name = textOf(strategy.name, 'the name of a strategy');
  if (name === 'default') return ALWAYS;
  const activation = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (activation === undefined) {
    return new CannotCarry(`what its strategy ${name} asks is not in the file: it is your own`);
  }
  return activation(sourceOf(strategy.parameters, 'the parameters of a strategy'), notes);
}

const ACTIVATIONS: Readonly<Record<string, (parameters: Source, notes: Notes) => Activation>> = {
  userWithId: ({ userIds }) => (userIds ? imported({ op: 'users', field: 'userId', values: split(userIds) }) : NEVER),
  remoteAddress: ({ IPs: addresses }) =>
    addresses ? imported({ op: 'addresses', field: 'remoteAddress', values: split(addresses) }) : NEVER,
  applicationHostname: ({ hostNames }, notes) => {
    if (!hostNames) return NEVER;
    notes.add('it asks for the machine, which an SDK knows by itself: contexts have to say its `hostname`');
    return imported({ op: 'IN', field: 'hostname', values: split(hostNames).filter(Boolean), ignore_case: true });
  },
  gradualRolloutUserId: (parameters) => gradual('userId', parameters),
  gradualRolloutSessionId: (parameters) => gradual('sessionId', parameters),
  gradualRolloutRandom: ({ percentage }) => atRandom(Number(percentage)),
  flexibleRollout,
};

function split(list: unknown): readonly string[] {
  return textOf(list, 'a list of a strategy').split(/\s*,\s*/);
}

function gradual(by: string, parameters: Source): Condition {
  const percentage = percentageOf(parameters.percentage);
  return percentage === 0 ? NEVER : imported({ op: 'rollout', by, own: true, group: groupOf(parameters), percentage });
}

function flexibleRollout(parameters: Source, notes: Notes): Activation {
  const percentage = percentageOf(parameters.rollout);
  const by = textOf(parameters.stickiness || 'default', 'the stickiness of a strategy');
  if (percentage === 0) return NEVER;
  if (by === 'random') return atRandom(percentage);
  if (by === 'default') {
    if (percentage === ROLLOUT_WHOLE) return ALWAYS;
    notes.add('who has neither userId nor sessionId is drawn anew at every question by Unleash, and left out here');
  }
  const field = by === 'default' ? by : fieldOf(by, notes);
  return imported({ op: 'rollout', by: field, group: groupOf(parameters), percentage });
}

const ROLLOUT_WHOLE = 100;

function percentageOf(value: unknown): number {
  const percentage = Number(value);
  return percentage > 0 ? Math.min(percentage, ROLLOUT_WHOLE) : 0;
}

/** Everyone or nobody is no matter of chance. */
function atRandom(percentage: number): Activation {
  if (percentage >= ROLLOUT_WHOLE) return ALWAYS;
  return percentage >= 1 ? new CannotCarry('a strategy draws its users at random, anew at every question') : NEVER;
}

export function groupOf({ groupId }: Source): string {
  return groupId ? scalar(groupId as Json, 'the groupId of a strategy') : '';
}

/** As the SDK writes it into the text that it hashes; nothing at all is the word. */
export function groupTextOf({ groupId }: Source): string {
  return groupId === undefined ? 'undefined' : scalar(groupId as Json, 'the groupId of a strategy');
}

function scalar(value: Json, name: string): string {
  return typeof value === 'object' && value !== null ? cannotCarry(`${name} is not text`) : String(value);
}
