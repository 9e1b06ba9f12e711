import type { IncomingHttpHeaders } from 'node:http';
import { RequestRefused } from './problem.ts';

const VERSION = /^(?:"([1-9][0-9]{0,15})"|([1-9][0-9]{0,15}))$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** The version in `If-Match: "3"`; undefined without the header. */
export function expectedVersion(headers: IncomingHttpHeaders): number | undefined {
  const header = headers['if-match'];
  if (header === undefined) return undefined;
  const [, quoted, bare] = VERSION.exec(header.trim()) ?? [];
  const version = Number(quoted ?? bare);
  if (Number.isSafeInteger(version)) return version;
  throw headerRefused('If-Match', 'must be the version of the document, such as "3"');
}

/** Whoever sends one relies on it: what would not look at it does not go on either. */
export function refuseExpectedVersion(headers: IncomingHttpHeaders): void {
  if (headers['if-match'] === undefined) return;
  throw headerRefused('If-Match', 'must be left out: this request changes no document that has versions');
}

export function idempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && IDEMPOTENCY_KEY.test(header)) return header;
  throw headerRefused('Idempotency-Key', 'must be 1 to 255 printable characters');
}

/** The event after which a stream goes on; undefined starts anew. */
export function lastEventId(headers: IncomingHttpHeaders): number | undefined {
  const header = headers['last-event-id'];
  if (header === undefined || header === '') return undefined;
  const id = typeof header === 'string' && /^[0-9]{1,16}$/.test(header) ? Number(header) : Number.NaN;
  if (Number.isSafeInteger(id)) return id;
  throw headerRefused('Last-Event-ID', 'must be the id of an event of this stream, a whole number');
}

/** Whether the caller already has what `etag` names. */
export function alreadyHas(headers: Pick<IncomingHttpHeaders, 'if-none-match'>, etag: string): boolean {
  const header = headers['if-none-match'];
  if (header === undefined) return false;
  const wanted = opaque(etag);
  return header.split(',').some((one) => opaque(one.trim()) === wanted || one.trim() === '*');
}

/** Of a tag, what weak comparison looks at. */
function opaque(etag: string): string {
  return etag.replace(/^W\//, '');
}

function headerRefused(name: string, message: string): RequestRefused {
  return new RequestRefused('malformed', `\`${name}\` ${message}.`, { fields: [{ field: name, message }] });
}
