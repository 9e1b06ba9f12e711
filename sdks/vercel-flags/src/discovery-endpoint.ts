import { type FlagDefinitionsType, type ProviderData, verifyAccess, version } from 'flags';
import { getProviderData, type ProviderDataOptions } from './provider-data.ts';

export interface DiscoveryOptions extends ProviderDataOptions {
  /** What signs the toolbar's access proof. The variable `FLAGS_SECRET` when left out. */
  readonly secret?: string;
  /** What the Flags SDK's own `getProviderData(flags)` says of the flags declared in code. */
  readonly declared?: ProviderData;
}

/**
 * The handler of `GET /.well-known/vercel/flags`. Whoever has no access proof gets 401 and nothing else; the server is not
 * even asked. Rejects where there is no secret to verify a proof with, so that nothing is told then either.
 */
export function createDiscoveryEndpoint(options: DiscoveryOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const allowed = await verifyAccess(request.headers.get('authorization'), options.secret);
    if (!allowed) return answer(401, null);
    const parts = [options.declared ?? { definitions: {}, hints: [] }, await getProviderData(options)];
    return answer(200, { definitions: merged(parts), hints: parts.flatMap(({ hints }) => hints) });
  };
}

function answer(status: number, body: ProviderData | null): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', 'x-flags-sdk-version': version } });
}

/** What Spillway says of a flag comes before what the code says. */
function merged(parts: readonly ProviderData[]): FlagDefinitionsType {
  const all: FlagDefinitionsType = Object.create(null);
  for (const { definitions } of parts) {
    for (const [key, definition] of Object.entries(definitions)) all[key] = { ...all[key], ...definition };
  }
  return all;
}
