import { z } from 'zod';
import { key, text, versioned } from '../fields.ts';

export const environmentInput = z.strictObject({
  key,
  description: text.default(''),
  protected: z.boolean().default(false),
});

export const environment = z.strictObject({ key, description: text, protected: z.boolean(), ...versioned });
