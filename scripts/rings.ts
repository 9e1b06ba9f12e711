/** What each ring may import; the table of ARCHITECTURE.md, as data. Test files may import anything. */
export interface Ring {
  readonly folder: string;
  /** Workspace packages it may import. */
  readonly workspace: readonly string[] | 'any';
  /** npm packages it may import; must also be declared in its package.json. */
  readonly npm: 'none' | 'declared';
  readonly node: boolean;
  /** Must not read the clock, randomness, environment or network by itself. */
  readonly pure: boolean;
}

const port = (name: string, ...more: string[]): Ring => ({
  folder: `adapters/${name}`,
  workspace: ['@spillway/control', '@spillway/core', '@spillway/evaluator', ...more],
  npm: 'declared',
  node: true,
  pure: false,
});

export const RINGS: readonly Ring[] = [
  { folder: 'packages/evaluator', workspace: [], npm: 'none', node: false, pure: true },
  { folder: 'packages/statistics', workspace: [], npm: 'none', node: false, pure: true },
  {
    folder: 'packages/core',
    workspace: ['@spillway/evaluator', '@spillway/statistics'],
    npm: 'none',
    node: false,
    pure: true,
  },
  {
    folder: 'packages/contract',
    workspace: ['@spillway/evaluator', '@spillway/core'],
    npm: 'declared',
    node: false,
    pure: true,
  },
  {
    folder: 'packages/control',
    workspace: ['@spillway/evaluator', '@spillway/statistics', '@spillway/core'],
    npm: 'none',
    node: false,
    pure: true,
  },
  { folder: 'packages/private-channel', workspace: [], npm: 'none', node: true, pure: false },
  {
    folder: 'packages/gateway',
    workspace: ['@spillway/evaluator', '@spillway/statistics', '@spillway/private-channel'],
    npm: 'declared',
    node: true,
    pure: false,
  },
  {
    folder: 'packages/http',
    workspace: ['@spillway/contract', '@spillway/control', '@spillway/core', '@spillway/evaluator'],
    npm: 'declared',
    node: true,
    pure: false,
  },
  port('stores', '@spillway/statistics'),
  port('targets', '@spillway/private-channel'),
  port('routers', '@spillway/gateway', '@spillway/private-channel'),
  port('metrics', '@spillway/gateway', '@spillway/private-channel'),
  {
    folder: 'sdks/client',
    workspace: ['@spillway/evaluator', '@spillway/statistics'],
    npm: 'declared',
    node: false,
    pure: true,
  },
  {
    folder: 'sdks/node',
    workspace: ['@spillway/client', '@spillway/evaluator'],
    npm: 'declared',
    node: true,
    pure: false,
  },
  { folder: 'sdks/web', workspace: ['@spillway/client'], npm: 'declared', node: false, pure: false },
  { folder: 'sdks/react', workspace: [], npm: 'declared', node: false, pure: false },
  {
    folder: 'sdks/openfeature-server',
    workspace: ['@spillway/client', '@spillway/node'],
    npm: 'declared',
    node: true,
    pure: false,
  },
  {
    folder: 'sdks/openfeature-web',
    workspace: ['@spillway/client', '@spillway/web'],
    npm: 'declared',
    node: false,
    pure: false,
  },
  {
    folder: 'sdks/vercel-flags',
    workspace: ['@spillway/client', '@spillway/evaluator', '@spillway/node'],
    npm: 'declared',
    node: true,
    pure: false,
  },
  {
    folder: 'apps/dashboard',
    workspace: ['@spillway/contract', '@spillway/core', '@spillway/evaluator'],
    npm: 'declared',
    node: false,
    pure: false,
  },
  ...['apps/server', 'apps/relay', 'apps/cli', 'examples/shop', 'simulation', 'conformance', 'benchmarks', 'tests'].map(
    (folder): Ring => ({ folder, workspace: 'any', npm: 'declared', node: true, pure: false }),
  ),
];

/** What a pure ring must be handed instead of reaching for it. */
export const AMBIENT: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bDate\.now\s*\(|\bnew Date\s*\(\s*\)/, instead: 'take `now` or the Clock port' },
  { pattern: /\bMath\.random\s*\(/, instead: 'take the Random port' },
  { pattern: /\bperformance\.now\s*\(/, instead: 'take the Clock port' },
  {
    pattern: /(?<![.\w'"`])(setTimeout|setInterval|setImmediate|queueMicrotask)\s*\(/,
    instead: 'take the Clock or Platform port',
  },
  { pattern: /(?<![.\w'"`])(fetch)\s*\(/, instead: 'take fetch as an argument' },
  { pattern: /\bprocess\.(env|argv|exit|hrtime)\b/, instead: 'only apps read the process' },
  { pattern: /(?<![.\w'"`])crypto\./, instead: 'take the Random or Sha256 port' },
];
