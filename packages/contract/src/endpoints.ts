/** Where one call goes. Kept free of the validator, so that a browser can call the API without carrying it. */
export interface Endpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for parameters, as in OpenAPI. */
  readonly path: `/${string}`;
}

/** Method and path of every route, once: the routes table builds on it, the client reads it. */
export const endpoints = {
  health: { method: 'GET', path: '/healthz' },
  ready: { method: 'GET', path: '/readyz' },
  openapi: { method: 'GET', path: '/openapi.json' },
  signIn: { method: 'POST', path: '/api/v1/session' },
  whoAmI: { method: 'GET', path: '/api/v1/session' },
  signOut: { method: 'DELETE', path: '/api/v1/session' },
  createSignInCode: { method: 'POST', path: '/api/v1/session/codes' },
  listTokens: { method: 'GET', path: '/api/v1/tokens' },
  createToken: { method: 'POST', path: '/api/v1/tokens' },
  revokeToken: { method: 'DELETE', path: '/api/v1/tokens/{key}' },
  listEnvironments: { method: 'GET', path: '/api/v1/environments' },
  createEnvironment: { method: 'POST', path: '/api/v1/environments' },
  listFlags: { method: 'GET', path: '/api/v1/feature-flags' },
  createFlag: { method: 'POST', path: '/api/v1/feature-flags' },
  getFlag: { method: 'GET', path: '/api/v1/feature-flags/{key}' },
  replaceFlag: { method: 'PUT', path: '/api/v1/feature-flags/{key}' },
  updateFlagEnvironment: { method: 'PATCH', path: '/api/v1/feature-flags/{key}/environments/{environment}' },
  archiveFlag: { method: 'POST', path: '/api/v1/feature-flags/{key}/archive' },
  deleteFlag: { method: 'DELETE', path: '/api/v1/feature-flags/{key}' },
  evaluateFlag: { method: 'POST', path: '/api/v1/feature-flags/{key}/evaluate' },
  evaluateFlags: { method: 'POST', path: '/api/v1/evaluate' },
  ofrepEvaluateFlag: { method: 'POST', path: '/ofrep/v1/evaluate/flags/{key}' },
  ofrepEvaluateFlags: { method: 'POST', path: '/ofrep/v1/evaluate/flags' },
  listSegments: { method: 'GET', path: '/api/v1/segments' },
  createSegment: { method: 'POST', path: '/api/v1/segments' },
  getSegment: { method: 'GET', path: '/api/v1/segments/{key}' },
  replaceSegment: { method: 'PUT', path: '/api/v1/segments/{key}' },
  deleteSegment: { method: 'DELETE', path: '/api/v1/segments/{key}' },
  segmentDependents: { method: 'GET', path: '/api/v1/segments/{key}/dependents' },
  snapshot: { method: 'GET', path: '/api/v1/sdk/snapshot' },
  stream: { method: 'GET', path: '/api/v1/sdk/stream' },
  listSwitches: { method: 'GET', path: '/api/v1/kill-switches' },
  createSwitch: { method: 'POST', path: '/api/v1/kill-switches' },
  getSwitch: { method: 'GET', path: '/api/v1/kill-switches/{key}' },
  deleteSwitch: { method: 'DELETE', path: '/api/v1/kill-switches/{key}' },
  activateSwitch: { method: 'POST', path: '/api/v1/kill-switches/{key}/activate' },
  releaseSwitch: { method: 'POST', path: '/api/v1/kill-switches/{key}/release' },
  listServices: { method: 'GET', path: '/api/v1/services' },
  putService: { method: 'PUT', path: '/api/v1/environments/{environment}/services/{key}' },
  getService: { method: 'GET', path: '/api/v1/environments/{environment}/services/{key}' },
  serviceStatus: { method: 'GET', path: '/api/v1/environments/{environment}/services/{key}/status' },
  listRollouts: { method: 'GET', path: '/api/v1/rollouts' },
  applyRollout: { method: 'POST', path: '/api/v1/rollouts' },
  getRollout: { method: 'GET', path: '/api/v1/rollouts/{key}' },
  pauseRollout: { method: 'POST', path: '/api/v1/rollouts/{key}/pause' },
  resumeRollout: { method: 'POST', path: '/api/v1/rollouts/{key}/resume' },
  promoteRollout: { method: 'POST', path: '/api/v1/rollouts/{key}/promote' },
  abortRollout: { method: 'POST', path: '/api/v1/rollouts/{key}/abort' },
  rolloutHistory: { method: 'GET', path: '/api/v1/rollouts/{key}/history' },
  listChanges: { method: 'GET', path: '/api/v1/audit' },
  verifyChanges: { method: 'POST', path: '/api/v1/audit/verify' },
  changes: { method: 'GET', path: '/api/v1/events' },
} as const satisfies Readonly<Record<string, Endpoint>>;

export type EndpointName = keyof typeof endpoints;
