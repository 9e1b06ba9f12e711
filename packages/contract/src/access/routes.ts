import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { listOf, page } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

export const accessRoutes = {
  signIn: {
    ...endpoints.signIn,
    auth: 'public',
    summary: 'Exchange a one-time code for a session cookie',
    body: schemas.signIn,
    success: { status: 200, body: schemas.session },
  },
  whoAmI: {
    ...endpoints.whoAmI,
    auth: 'admin_or_sdk',
    summary: 'Whose credentials these are',
    success: { status: 200, body: schemas.session },
  },
  signOut: {
    ...endpoints.signOut,
    auth: 'admin',
    summary: 'End the session',
    success: { status: 204 },
  },
  createSignInCode: {
    ...endpoints.createSignInCode,
    auth: 'admin',
    summary: 'Make a one-time code that signs a browser in',
    success: { status: 201, body: schemas.signInCode },
  },
  listTokens: {
    ...endpoints.listTokens,
    auth: 'admin',
    summary: 'List tokens, without their secrets',
    query: page,
    success: { status: 200, body: listOf(schemas.token) },
  },
  createToken: {
    ...endpoints.createToken,
    auth: 'admin',
    summary: 'Issue a token',
    body: schemas.tokenInput,
    success: { status: 201, body: schemas.issuedToken },
  },
  revokeToken: {
    ...endpoints.revokeToken,
    auth: 'admin',
    summary: 'Revoke a token at once',
    params: z.strictObject({
      key: z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be the key of a token, as the list shows it'),
    }),
    success: { status: 204 },
  },
  clientAccess: {
    ...endpoints.clientAccess,
    auth: 'sdk',
    summary: 'Who may ask from a browser in the environment, with an ETag; for relays',
    success: { status: 200, body: schemas.clientAccess },
  },
  clientAccessStream: {
    ...endpoints.clientAccessStream,
    auth: 'sdk',
    summary: 'The same and every change as server-sent events, resumable by Last-Event-ID',
    success: { status: 200, stream: 'sse' },
  },
} as const satisfies Readonly<Record<string, Route>>;
