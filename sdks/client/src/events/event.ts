import type { EvaluationContext } from '@spillway/evaluator';

/** What an application says of something that a user did or that was measured. */
export interface TrackDetails {
  /** A finite number; what is none is left out. */
  readonly value?: number;
  /** Whatever else is worth knowing, as JSON; up to 4,096 characters. */
  readonly [name: string]: unknown;
}

/** What applications tell of by name. */
export type HappenedType = 'user_action' | 'metric_recorded' | 'error_occurred';

/** As `POST /api/v1/events` takes it. */
export interface SentEvent {
  readonly id: string;
  readonly type: 'flag_evaluated' | HappenedType;
  readonly at: string;
  readonly context: { readonly user?: string };
  readonly name?: string;
  readonly flag?: string;
  readonly variant?: string | null;
  /** The number of the configuration that the answer came from. */
  readonly configuration?: number;
  readonly value?: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

const MAX_TEXT = 200;
const MAX_DETAILS = 4_096;

export interface Source {
  readonly now: () => number;
  readonly random: () => number;
}

/** Undefined for what has no name that the server would take. Never throws, whatever an application hands over. */
export function trackedEvent(
  source: Source,
  name: string,
  context: EvaluationContext | undefined,
  said?: TrackDetails,
  type: HappenedType = 'user_action',
): SentEvent | undefined {
  if (typeof name !== 'string' || name === '' || name.length > MAX_TEXT) return undefined;
  return { ...head(source, type, context), name, ...copied(said) };
}

/** What a user was answered, and from which configuration. */
interface Met {
  readonly flag: string;
  readonly variant: string | null;
  readonly configuration: number;
}

export function exposureEvent(source: Source, met: Met, context: EvaluationContext | undefined): SentEvent {
  return { ...head(source, 'flag_evaluated', context), ...met };
}

function head(source: Source, type: SentEvent['type'], context: EvaluationContext | undefined) {
  const user = context?.targetingKey;
  const known = typeof user === 'string' && user !== '' && user.length <= MAX_TEXT;
  return { id: idFrom(source), type, at: new Date(source.now()).toISOString(), context: known ? { user } : {} };
}

/** Three random numbers of 32 bits and the time: no two events of an environment share them. */
export function idFrom({ now, random }: Source): string {
  const part = () => Math.floor(random() * 2 ** 32).toString(36);
  return [Math.floor(now()).toString(36), part(), part(), part()].join('-');
}

/** As it is now; applications may change theirs afterwards. What cannot be read or written down is left out. */
function copied(said: TrackDetails | undefined): Pick<SentEvent, 'value' | 'details'> {
  const copy: { value?: number; details?: Readonly<Record<string, unknown>> } = {};
  try {
    const { value, ...more } = { ...said };
    if (typeof value === 'number' && Number.isFinite(value)) copy.value = value;
    const text = JSON.stringify(more);
    if (text !== '{}' && text.length <= MAX_DETAILS) copy.details = JSON.parse(text);
  } catch {
    // A getter that throws, or something that has no form as JSON.
  }
  return copy;
}
