import { type Problems, pointer } from '../problems.ts';

export const MAX_ALLOWED_ORIGINS = 100;
const MAX_ORIGIN_LENGTH = 256;

/** As browsers write the `Origin` header: scheme, host in lower case, and a port only where it is not the scheme's own. */
const ORIGIN = /^https?:\/\/(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[1-9][0-9]{0,4})?$/;
const OWN_PORT = /^(?:http:.*:80|https:.*:443)$/;

export function checkOrigins(origins: readonly string[], problems: Problems): void {
  const field = '/allowed_origins';
  if (origins.length > MAX_ALLOWED_ORIGINS) problems.report(field, `must be at most ${MAX_ALLOWED_ORIGINS} origins`);
  for (const [index, origin] of origins.slice(0, MAX_ALLOWED_ORIGINS).entries()) {
    if (!isOrigin(origin)) {
      problems.report(pointer(field, index), 'must be an origin such as https://shop.example.com, without path, or *');
    }
  }
}

function isOrigin(origin: string): boolean {
  if (origin === '*') return true;
  return origin.length <= MAX_ORIGIN_LENGTH && ORIGIN.test(origin) && !OWN_PORT.test(origin);
}
