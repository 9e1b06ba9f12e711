/**
 * What SDKs may tell of whom an environment is asked for: nothing; contexts whose targeting key is replaced by a keyed
 * digest; or contexts as they are. Private attributes are left out either way.
 */
export type RecentContexts = (typeof RECENT_CONTEXTS)[number];
export const RECENT_CONTEXTS = ['off', 'hashed', 'full'] as const;

export interface ContextSettings {
  readonly recent_contexts: RecentContexts;
  /** Names of attributes that never leave an application. */
  readonly private_attributes: readonly string[];
}

/** Whom a client key may ask for: whoever its holder names, or only those whose context one of our servers has signed. */
export type ClientContexts = (typeof CLIENT_CONTEXTS)[number];
export const CLIENT_CONTEXTS = ['any', 'signed'] as const;

/** What browsers may do with an environment's client keys. */
export interface BrowserSettings {
  readonly client_contexts: ClientContexts;
  /** Whose pages may use client keys, beside the origins that the whole server allows. */
  readonly allowed_origins: readonly string[];
}

/** What is counted of those whom an environment is asked for. */
export interface CountingSettings {
  /** Whether different users are told apart, by sketches; how often was asked is counted in any case. */
  readonly unique_users: boolean;
}

export type EnvironmentSettings = ContextSettings & BrowserSettings & CountingSettings;

/** Settings that nobody has made are left out. */
export interface Environment extends Partial<EnvironmentSettings> {
  readonly key: string;
  readonly description: string;
  /** Protected environments want a reason for every change. */
  readonly protected: boolean;
}

/** What is left out stays. */
export type EnvironmentUpdate = Partial<EnvironmentSettings & Pick<Environment, 'description' | 'protected'>>;

export const DEFAULT_ENVIRONMENTS: readonly Environment[] = [
  { key: 'development', description: 'Where changes are tried first', protected: false },
  { key: 'staging', description: 'Where changes are rehearsed', protected: false },
  { key: 'production', description: 'Where users are', protected: true },
];

/** Off until somebody decides otherwise: what was never collected need not be protected. */
export function contextSettings({
  recent_contexts = 'off',
  private_attributes = [],
}: Partial<ContextSettings>): ContextSettings {
  return { recent_contexts, private_attributes };
}

export function browserSettings({
  client_contexts = 'any',
  allowed_origins = [],
}: Partial<BrowserSettings>): BrowserSettings {
  return { client_contexts, allowed_origins };
}

export function countingSettings({ unique_users = true }: Partial<CountingSettings>): CountingSettings {
  return { unique_users };
}

/** Whether contexts that were collected under one are not to be kept under the other. */
export function settingsDiffer(before: Partial<ContextSettings>, after: Partial<ContextSettings>): boolean {
  const [one, other] = [contextSettings(before), contextSettings(after)];
  const names = new Set(one.private_attributes);
  return (
    one.recent_contexts !== other.recent_contexts ||
    names.size !== other.private_attributes.length ||
    other.private_attributes.some((name) => !names.has(name))
  );
}
