export { type AdapterOptions, type Adapters, createAdapters } from './adapters.ts';
export { createDiscoveryEndpoint, type DiscoveryOptions } from './discovery-endpoint.ts';
export { getProviderData, type ProviderDataOptions } from './provider-data.ts';
