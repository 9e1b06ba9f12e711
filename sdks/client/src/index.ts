export type { Bootstrap } from './bootstrap.ts';
export { type Client, type ClientOptions, createClient, INITIALIZE_TIMEOUT_MS } from './client.ts';
export type { TrackDetails } from './events/index.ts';
export type { ConfigurationChange, Source } from './holder.ts';
export type { Platform, SignatureCheck, Storage } from './platform.ts';
export type { Status } from './status.ts';
