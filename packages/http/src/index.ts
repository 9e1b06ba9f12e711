export type { Asset, Assets } from './assets.ts';
export { createAssets } from './assets.ts';
export type { Log } from './log.ts';
export type { ApplicationControl, ApplicationServerOptions, HttpServer, HttpServerOptions } from './server.ts';
export { createApplicationServer, createHttpServer } from './server.ts';
