export { clientAccess } from './access/schemas.ts';
export type {
  CallInput,
  CallOutput,
  CallResult,
  Client,
  ClientOptions,
  DownloadResult,
  FileRouteName,
} from './client.ts';
export { createClient, DEFAULT_TIMEOUT_MS } from './client.ts';
export { API_VERSION } from './definitions/schemas.ts';
export type { Endpoint, EndpointName } from './endpoints.ts';
export { endpoints } from './endpoints.ts';
export { clientChange } from './evaluation/client.ts';
export { sentEvent } from './events/schemas.ts';
export { type Checked, checkAgainst, type Found } from './field-problems.ts';
export { openApiDocument } from './openapi/document.ts';
export type { Problem } from './problem.ts';
export { profileLine } from './profiles/schemas.ts';
export type { Auth, BodyLimits, Route } from './route.ts';
export { defineRoutes, LARGE_BODY } from './route.ts';
export type { RouteName, Routes } from './routes.ts';
export { routes } from './routes.ts';
export type { SocketHello, StreamEvent } from './stream.ts';
export { HEARTBEAT_MS, socketHello } from './stream.ts';
