import { type Client, type ClientOptions, createClient as createOn } from '@spillway/client';
import { type Log, nodePlatform } from './platform.ts';

export type { Client, ConfigurationChange, Source, Status } from '@spillway/client';
export type { Evaluation, EvaluationContext, Json, Snapshot } from '@spillway/evaluator';
export type { Log } from './platform.ts';

export interface NodeClientOptions extends ClientOptions {
  /** Keeps the last good configuration over restarts. One file per SDK key. */
  readonly cacheFile?: string;
  /** Warnings go to standard error when left out. */
  readonly log?: Log;
}

/** A client for servers: evaluates in this process. Nothing happens until `initialize`. */
export function createClient(options: NodeClientOptions): Client {
  return createOn(options, nodePlatform(options));
}
