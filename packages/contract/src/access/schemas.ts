import { z } from 'zod';
import { key } from '../fields.ts';

const kind = z.enum(['admin', 'sdk', 'client']);

export const tokenInput = z.strictObject({
  name: z.string().min(1).max(128),
  kind,
  environment: key.exactOptional(),
  expires_in_ms: z.number().int().positive().exactOptional(),
});

export const token = z.strictObject({
  key: z.string(),
  kind,
  name: z.string(),
  environment: key.exactOptional(),
  created_at_ms: z.number(),
  expires_at_ms: z.number().exactOptional(),
});

/** `secret` is shown this once. */
export const issuedToken = z.strictObject({ ...token.shape, secret: z.string() });

export const signIn = z.strictObject({ code: z.string().min(1).max(256) });

/** For a sign-in link, which is `path` at the address people reach this server by. Works once, until it expires. */
export const signInCode = z.strictObject({ code: z.string(), expires_at_ms: z.number(), path: z.string() });

export const session = z.strictObject({
  name: z.string(),
  kind,
  project: z.string(),
  environment: key.exactOptional(),
});
