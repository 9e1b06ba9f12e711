/** Staying up to date, whatever with: nothing that is reached from here evaluates. */
export { connect, type Link, type Target } from './connection.ts';
export type { Platform } from './platform.ts';
export type { Received, Receiver } from './receiver.ts';
export { listenersOf, Standing } from './standing.ts';
