export interface Environment {
  readonly key: string;
  readonly description: string;
  /** Protected environments want a reason for every change. */
  readonly protected: boolean;
}

export const DEFAULT_ENVIRONMENTS: readonly Environment[] = [
  { key: 'development', description: 'Where changes are tried first', protected: false },
  { key: 'staging', description: 'Where changes are rehearsed', protected: false },
  { key: 'production', description: 'Where users are', protected: true },
];
