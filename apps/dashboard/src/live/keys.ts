/** Query keys: the first part is the log's noun, so that a change names what it makes stale. */
export const keys = {
  session: ['session'] as const,
  environments: ['environments'] as const,
  tokens: ['access'] as const,
  flags: (query: object) => ['flags', 'list', query] as const,
  flagCount: (kind: object) => ['flags', 'count', kind] as const,
  flag: (key: string) => ['flags', 'one', key] as const,
  flagHistory: (key: string) => ['flags', 'history', key] as const,
  flagVersion: (key: string, version: number) => ['flag versions', key, version] as const,
  preview: (key: string, environment: string, version: number, patch: object) =>
    ['preview', key, environment, version, patch] as const,
  segmentKeys: ['segments', 'keys'] as const,
  switches: ['switches'] as const,
  services: ['services'] as const,
  rollouts: ['rollouts', 'list'] as const,
  rollout: (key: string) => ['rollouts', 'one', key] as const,
  rolloutHistory: (key: string) => ['rollouts', 'history', key] as const,
  status: (environment: string, service: string) => ['status', environment, service] as const,
  changes: (noun: string, key: string) => ['changes', noun, key] as const,
};
