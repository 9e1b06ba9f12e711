import { z } from 'zod';
import { browserSettings } from '../environments/schemas.ts';
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

/** What a relay has to know to let browsers in: settings, and digests of keys that anybody may see in a page. */
export const clientAccess = z.strictObject({
  environment: key,
  /** Grows with every change; what has a lower one is older. */
  number: z.int().min(0),
  ...browserSettings,
  keys: z.array(
    z.strictObject({
      key: z.string().min(1),
      name: z.string(),
      secret_sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex'),
      expires_at_ms: z.number().exactOptional(),
    }),
  ),
});
