import type { Target } from './connection.ts';

export interface DefinitionsSource {
  /** Where the server or a relay answers. */
  readonly url: string;
  readonly sdkKey: string;
  readonly pollMs?: number;
}

/** The environment's definitions, which only an SDK key may read. */
export function definitionsAt({ url, sdkKey, pollMs }: DefinitionsSource): Target {
  const base = url.replace(/\/+$/, '');
  const headers = { authorization: `Bearer ${sdkKey}` };
  return {
    stream: { url: `${base}/api/v1/sdk/stream`, method: 'GET', headers },
    whole: { url: `${base}/api/v1/sdk/snapshot`, method: 'GET', headers, event: 'snapshot' },
    pollMs,
  };
}
