export type { CallInput, CallOutput, CallResult, Client } from './client.ts';
export type { Problem } from './problem.ts';
export type { Auth, Route } from './route.ts';
export { defineRoutes } from './route.ts';
export type { RouteName, Routes } from './routes.ts';
export { routes } from './routes.ts';
export type { StreamEvent } from './stream.ts';
export { HEARTBEAT_MS } from './stream.ts';
