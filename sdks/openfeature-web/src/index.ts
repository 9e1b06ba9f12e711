export { PROVIDER_NAME, type ProviderOptions, SpillwayWebProvider, type Tracked } from './provider.ts';
