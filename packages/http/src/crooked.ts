import type { IncomingMessage } from 'node:http';
import { type DoorCode, RequestRefused } from './problem.ts';

/** Of these, two readers of one request could each go by another. */
const ONCE: ReadonlySet<string> = new Set(['host', 'authorization', 'idempotency-key', 'last-event-id']);

/** A name or an address, with a port perhaps. */
const HOST = /^(?:[A-Za-z0-9._~%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** Refuses what is wrong about a request whatever it asks for. */
export function refuseCrooked(request: IncomingMessage): void {
  const { headers, httpVersion } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0')
    throw crooked('version_not_supported', 'version', 'must be HTTP/1.1', 'Only HTTP/1.1 is spoken here.');
  refuseHost(headers.host, httpVersion);
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
    throw crooked(
      'expectation_failed',
      'Expect',
      'must be 100-continue',
      'Only `Expect: 100-continue` can be met here.',
    );
  refuseRepeated(request);
}

function refuseHost(host: string | undefined, httpVersion: string): void {
  if (host === undefined) {
    if (httpVersion === '1.0') return;
    throw crooked('malformed', 'Host', 'is missing', 'The `Host` header is missing.');
  }
  if (!HOST.test(host))
    throw crooked('malformed', 'Host', 'is no name or address', 'The `Host` header must be a name or an address.');
}

function refuseRepeated({ rawHeaders }: IncomingMessage): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const lower = name.toLowerCase();
    if (!ONCE.has(lower)) continue;
    if (seen.has(lower)) {
      throw new RequestRefused('malformed', `The header \`${name}\` appears twice; send it once.`, {
        fields: [{ field: name, message: 'appears twice' }],
      });
    }
    seen.add(lower);
  }
}

function crooked(code: DoorCode | 'malformed', field: string, message: string, detail: string): RequestRefused {
  return new RequestRefused(code, detail, { fields: [{ field, message }] });
}
