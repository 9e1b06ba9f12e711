import { z } from 'zod';
import { key, reason, text, versioned } from '../fields.ts';

export const scope = z.enum(['global', 'region', 'service', 'user_segment', 'feature']);

const action = z.strictObject({ at_ms: z.number(), actor: z.string(), reason: z.string() });

export const switchState = z.union([
  z.strictObject({ is: z.literal('inactive'), released: action.exactOptional() }),
  z.strictObject({ is: z.literal('triggered'), activated: action }),
]);

/** `region` is named in the vocabulary and refused until regions exist. */
export const killSwitchInput = z.strictObject({
  key,
  description: text.exactOptional(),
  scope: z.enum(['global', 'service', 'user_segment', 'feature']),
  affects: z.array(key).max(1_000).exactOptional(),
  environments: z.array(key).max(100).exactOptional(),
});

export const killSwitch = z.strictObject({
  key,
  description: text,
  scope,
  affects: z.array(key),
  environments: z.array(key),
  state: switchState,
  ...versioned,
});

/** With `scope`, a switch that does not exist yet is made and fired in one step. */
export const activation = z.strictObject({
  reason: reason.min(1, 'say why, so that others understand the incident'),
  scope: killSwitchInput.shape.scope.exactOptional(),
  affects: killSwitchInput.shape.affects,
  environments: killSwitchInput.shape.environments,
});

export const release = z.strictObject({ reason: reason.min(1, 'say why it is safe again') });
