import { z } from 'zod';
import { instant, instantMs, json, key, page, readLater } from '../fields.ts';

export const MAX_EVENTS = 500;
const MAX_NAME_LENGTH = 200;
const MAX_CONTEXT_LENGTH = 200;
const MAX_DETAILS_CHARACTERS = 4_096;

export const EVENT_TYPES = ['flag_evaluated', 'user_action', 'metric_recorded', 'error_occurred'] as const;

const eventId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{8,64}$/, 'must be 8 to 64 of A-Z a-z 0-9 _ -, made anew for each event');
const about = z.string().min(1).max(MAX_CONTEXT_LENGTH);
const user = about.refine(isStorable, 'must be well-formed Unicode without NUL');
const name = z.string().min(1).max(MAX_NAME_LENGTH).refine(isStorable, 'must be well-formed Unicode without NUL');

/** Where and for whom it happened. The environment is the key's. */
const eventContext = z.strictObject({
  user: user.exactOptional(),
  session: about.exactOptional(),
  request: about.exactOptional(),
  service: about.exactOptional(),
  version: about.exactOptional(),
  region: about.exactOptional(),
});

const details = z.record(z.string(), json).refine((value) => JSON.stringify(value).length <= MAX_DETAILS_CHARACTERS, {
  error: `must be at most ${MAX_DETAILS_CHARACTERS} characters as JSON`,
});

const happened = {
  /** Made by the sender; the same id again is the same event. */
  id: eventId,
  at: instantMs,
  context: eventContext.default({}),
  details: details.exactOptional(),
};

/** One event as it is sent. */
export const sentEvent = z.discriminatedUnion('type', [
  /** That a user met a flag's variant, and the number of the configuration that it came from. */
  z.strictObject({
    ...{ ...happened, type: z.literal('flag_evaluated'), flag: key, variant: key.nullable() },
    configuration: z.number().int().min(0).exactOptional(),
  }),
  z.strictObject({ ...happened, type: z.literal('user_action'), name, value: z.number().exactOptional() }),
  z.strictObject({ ...happened, type: z.literal('metric_recorded'), name, value: z.number() }),
  z.strictObject({ ...happened, type: z.literal('error_occurred'), name, value: z.number().exactOptional() }),
]);

/** Each event is read by itself, so that a crooked one takes none of the others with it. */
export const sentEvents = z.strictObject({
  events: z.array(readLater(sentEvent)).min(1).max(MAX_EVENTS),
  /** From an SDK key: pages have sent these, so they count as what pages send. A relay says it. */
  source: z.literal('client').exactOptional(),
});

export const recorded = z.strictObject({
  /** Stored now, or stored before under the same id. */
  accepted: z.number(),
  /** Of them, those that were there before. */
  repeated: z.number(),
  /** In the order sent; sending one of these again as it is helps nobody. */
  refused: z.array(
    z.strictObject({
      index: z.number(),
      errors: z.array(z.strictObject({ field: z.string(), message: z.string() })),
    }),
  ),
});

export const eventQuery = z.strictObject({
  ...page.shape,
  environment: key.exactOptional(),
  type: z.enum(EVENT_TYPES).exactOptional(),
  flag: key.exactOptional(),
  name: name.exactOptional(),
  user: user.exactOptional(),
  /** By when they were received; from is included, to is not. */
  from: instantMs.exactOptional(),
  to: instantMs.exactOptional(),
});

export const storedEvent = z.strictObject({
  id: z.string(),
  environment: z.string(),
  type: z.enum(EVENT_TYPES),
  at: instant,
  received_at: instant,
  /** What kind of key it came by: what a client key sent, anybody may have made up. */
  source: z.enum(['sdk', 'client']),
  name: z.string().nullable(),
  flag: z.string().nullable(),
  variant: z.string().nullable(),
  /** That the variant came from; null where its sender did not name it. */
  configuration: z.number().nullable(),
  value: z.number().nullable(),
  context: z.record(z.string(), json),
  details: z.record(z.string(), json),
});

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
