import { z } from 'zod';
import { key, text, versioned } from '../fields.ts';

const MAX_PRIVATE_ATTRIBUTES = 100;
const MAX_ATTRIBUTE_LENGTH = 256;
const MAX_ALLOWED_ORIGINS = 100;
const MAX_ORIGIN_LENGTH = 256;

const contextSettings = {
  /** What SDKs may tell of whom they were asked for: nothing, with the targeting key digested, or as it is. */
  recent_contexts: z.enum(['off', 'hashed', 'full']),
  /** Attributes that never leave an application. */
  private_attributes: z.array(z.string().min(1).max(MAX_ATTRIBUTE_LENGTH)).max(MAX_PRIVATE_ATTRIBUTES),
};

export const browserSettings = {
  /** Whom a client key may ask for: whoever its holder names, or only contexts that a server of yours has signed. */
  client_contexts: z.enum(['any', 'signed']),
  /** Whose pages may use client keys, beside the origins that the whole server allows; `*`: everybody's. */
  allowed_origins: z.array(z.string().min(1).max(MAX_ORIGIN_LENGTH)).max(MAX_ALLOWED_ORIGINS),
};

const countingSettings = {
  /** Whether different users are told apart, by sketches without anybody's key; evaluations are counted in any case. */
  unique_users: z.boolean(),
};

export const environmentInput = z.strictObject({
  key,
  description: text.default(''),
  protected: z.boolean().default(false),
  recent_contexts: contextSettings.recent_contexts.exactOptional(),
  private_attributes: contextSettings.private_attributes.exactOptional(),
  unique_users: countingSettings.unique_users.exactOptional(),
  client_contexts: browserSettings.client_contexts.exactOptional(),
  allowed_origins: browserSettings.allowed_origins.exactOptional(),
});

/** What is left out stays. */
export const environmentUpdate = z.strictObject({
  description: text.exactOptional(),
  /** Whether every change wants a reason; taking that away wants one too. */
  protected: z.boolean().exactOptional(),
  recent_contexts: contextSettings.recent_contexts.exactOptional(),
  private_attributes: contextSettings.private_attributes.exactOptional(),
  unique_users: countingSettings.unique_users.exactOptional(),
  client_contexts: browserSettings.client_contexts.exactOptional(),
  allowed_origins: browserSettings.allowed_origins.exactOptional(),
});

export const environment = z.strictObject({
  key,
  description: text,
  protected: z.boolean(),
  ...contextSettings,
  ...browserSettings,
  ...countingSettings,
  ...versioned,
});
