export { type Client, type ClientOptions, createClient, INITIALIZE_TIMEOUT_MS } from './client.ts';
export { connect, DENIED_RETRY_MS, type Link, POLL_MS, type Target } from './connection.ts';
export type { ConfigurationChange, Source } from './holder.ts';
export type { Platform, Storage } from './platform.ts';
export type { Received, Receiver } from './receiver.ts';
export type { Status } from './status.ts';
