export type { Asset, Assets } from './assets.ts';
export { createAssets } from './assets.ts';
export type { Log } from './log.ts';
export type { HttpServer, HttpServerOptions } from './server.ts';
export { createHttpServer } from './server.ts';
