import type { RouteName } from '../routes.ts';

/** A body that works, for the routes that people try first. A test parses each with its route's schema. */
export const examples: Partial<Readonly<Record<RouteName, unknown>>> = {
  createFlag: {
    key: 'new-checkout',
    description: 'The checkout with one page',
    environments: { development: { enabled: true, percentage: 20 } },
  },
  updateFlagEnvironment: { percentage: 50 },
  evaluateFlag: { environment: 'production', context: { targetingKey: 'user-1', country: 'DE' } },
  evaluateFlags: { environment: 'production', context: { targetingKey: 'user-1' }, flags: ['new-checkout'] },
  createManifestFlag: {
    key: 'search-rollout',
    type: 'boolean',
    description: 'The new search',
    defaultValue: false,
  },
  createSegment: {
    key: 'high-value-users',
    when: {
      all: [
        { attribute: 'lifetime_value', operator: 'greater_than', values: [500] },
        { attribute: 'purchase_count', operator: 'greater_than', values: [5] },
      ],
    },
  },
  searchProfiles: {
    when: { attribute: 'purchase_count', operator: 'greater_than', values: [5] },
    segments: ['high-value-users'],
  },
  createToken: { name: 'checkout service', kind: 'sdk', environment: 'production' },
  createEnvironment: { key: 'preview', description: 'One per pull request' },
  createSwitch: { key: 'payments-off', scope: 'service', affects: ['payments'] },
  activateSwitch: { reason: 'card provider is down' },
  releaseSwitch: { reason: 'card provider is back' },
  putService: { path_prefix: '/', hostname: 'shop.example.org' },
  applyRollout: {
    reason: 'release 2.0',
    plan: {
      key: 'shop',
      environment: 'production',
      stages: [
        {
          key: 'shop',
          service: 'shop',
          version: { name: 'v2', command: ['node', 'shop.js'], instances: 2 },
          strategy: {
            kind: 'canary',
            steps: [
              { percentage: 5, bake_ms: '2m' },
              { percentage: 50, bake_ms: '5m' },
              { percentage: 100, bake_ms: '1m' },
            ],
          },
        },
      ],
    },
  },
  abortRollout: { reason: 'customers report errors' },
};
