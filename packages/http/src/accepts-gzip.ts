import type { IncomingHttpHeaders } from 'node:http';

/** Whether `Accept-Encoding` names gzip with any weight but zero. */
export function acceptsGzip(headers: Pick<IncomingHttpHeaders, 'accept-encoding'>): boolean {
  const accepted = headers['accept-encoding'];
  return typeof accepted === 'string' && GZIP.test(accepted);
}

const GZIP = /(?:^|[\s,])gzip(?:\s*;\s*q=(?:1|0\.\d*[1-9]\d*))?\s*(?:,|$)/;
