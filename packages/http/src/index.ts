export type { Asset, Assets } from './assets.ts';
export { createAssets } from './assets.ts';
export { isNetwork } from './limits/client-address.ts';
export { CLIENT_LIMITS, type ClientLimits } from './limits/client-limits.ts';
export type { Log } from './log.ts';
export type { ApplicationControl, ApplicationServerOptions, HttpServer, HttpServerOptions } from './server.ts';
export { createApplicationServer, createHttpServer } from './server.ts';
