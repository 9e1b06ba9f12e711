export { PROVIDER_NAME, type ProviderOptions, SpillwayProvider, type Tracked } from './provider.ts';
