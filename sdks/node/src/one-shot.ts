import { type Client, createClient } from '@spillway/client';
import { type Guard, guardOver } from './guard.ts';
import { type Log, nodePlatform } from './platform.ts';
import { signatureCheck, type Verification } from './signature-check.ts';

/** Everything that answers, and nothing that connects. */
export type Answers = Pick<
  Client,
  'boolean' | 'string' | 'number' | 'json' | 'details' | 'all' | 'bootstrapFor' | 'status'
> &
  Guard;

/**
 * Answers from one snapshot, JSON text or parsed, for processes that live for one request. Opens no socket, starts no
 * timer, needs no closing. An unreadable snapshot is a warning, and every answer is then the code's default;
 * so it is for one that no key in `verifyWith` has signed.
 */
export function answersFrom(snapshot: unknown, options: { readonly log?: Log } & Verification = {}): Answers {
  const client = createClient(
    { url: '', sdkKey: '', bootstrap: snapshot ?? null, summaries: false },
    { ...nodePlatform(options), ...signatureCheck(options) },
  );
  const { boolean, string, number, json, details, all, bootstrapFor, status } = client;
  return { boolean, string, number, json, details, all, bootstrapFor, status, ...guardOver(client) };
}
