import { z } from 'zod';
import { instantMs, json, key } from '../fields.ts';
import { evaluation } from './evaluation.ts';
import { glancedAt } from './glance.ts';
import { conditionTrace, segmentTrace, trace } from './trace.ts';

export { conditionTrace, evaluation, segmentTrace, trace };

const MAX_ATTRIBUTE_CHARACTERS = 256;

/** Of the context as JSON text. Conditions are tried on it one by one, so its size is what an evaluation costs. */
export const MAX_CONTEXT_CHARACTERS = 32_768;

export const context = glancedAt(
  z
    .record(z.string().max(MAX_ATTRIBUTE_CHARACTERS), json)
    .refine(
      (value) => JSON.stringify(value).length <= MAX_CONTEXT_CHARACTERS,
      `must be at most ${MAX_CONTEXT_CHARACTERS} characters of JSON; send only what rules ask for`,
    ),
  { context: MAX_CONTEXT_CHARACTERS, attribute: MAX_ATTRIBUTE_CHARACTERS },
);

const question = {
  context,
  /** Admin tokens name the environment; an SDK key has its own. */
  environment: key.exactOptional(),
  /** Asks for how each answer came about. */
  trace: z.boolean().exactOptional(),
  /** The moment to answer for: in the past with the configuration of then, in the future with the present one. */
  at: instantMs.exactOptional(),
};

export const evaluateOne = z.strictObject(question);

export const evaluateMany = z.strictObject({ ...question, flags: z.array(key).max(1_000).exactOptional() });

export const explainedEvaluation = z.strictObject({ ...evaluation.shape, trace: trace.exactOptional() });

export const evaluations = z.strictObject({ configuration: z.number(), evaluations: z.array(explainedEvaluation) });
