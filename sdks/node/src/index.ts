import { type Client, type ClientOptions, createClient as createOn } from '@spillway/client';
import { type Guard, guardOver } from './guard.ts';
import { type Log, nodePlatform } from './platform.ts';
import { signatureCheck } from './signature-check.ts';
import { signedStorage } from './signed-storage.ts';

export type { Bootstrap, Client, ConfigurationChange, Source, Status, TrackDetails } from '@spillway/client';
export type { Evaluation, EvaluationContext, Json, Snapshot } from '@spillway/evaluator';
export {
  type Breaker,
  type BreakerChange,
  type BreakerOptions,
  type BreakerState,
  CircuitOpenError,
  createBreaker,
} from './breaker/breaker.ts';
export { CIRCUIT_LIMITS, type CircuitLimits } from './breaker/circuit.ts';
export type { Guard } from './guard.ts';
export { type Answers, answersFrom } from './one-shot.ts';
export type { Log } from './platform.ts';
export { SIGNED_CONTEXT_MS, type SigningOptions, signContext } from './sign-context.ts';

export interface NodeClientOptions extends ClientOptions {
  /** Keeps the last good configuration over restarts, signed with the SDK key. One file per SDK key. */
  readonly cacheFile?: string;
  /**
   * The control plane's public key, or several of which one must fit, as `spillway signing-key create` prints them. What is not
   * signed with one of them is refused, wherever it comes from: the server, a relay, `cacheFile`, `bootstrap`. Where none of them
   * is a key, everything is refused.
   */
  readonly verifyWith?: string | readonly string[];
  /** Warnings go to standard error when left out. */
  readonly log?: Log;
}

export type NodeClient = Client & Guard;

/** A client for servers: evaluates in this process. Nothing happens until `initialize`. */
export function createClient(given: NodeClientOptions): NodeClient {
  // An address that nobody has set, out of the environment for instance, must not stop what can do with its defaults.
  const options = { ...given, url: String(given?.url ?? '') };
  const platform = nodePlatform(options);
  const { storage } = platform;
  const client = createOn(options, {
    ...platform,
    ...signatureCheck(options),
    ...(storage === undefined ? {} : { storage: signedStorage(storage, options.sdkKey) }),
  });
  return { ...client, ...guardOver(client) };
}
