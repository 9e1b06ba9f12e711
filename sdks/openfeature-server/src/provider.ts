import {
  ErrorCode,
  type EvaluationContext,
  type JsonValue,
  OpenFeatureEventEmitter,
  type Provider,
  ProviderEvents,
  ProviderFatalError,
  ProviderNotReadyError,
  type ResolutionDetails,
  type TrackingEventDetails,
} from '@openfeature/server-sdk';
import { jsonContext } from '@spillway/client/json-context';
import { tellStanding } from '@spillway/client/provider-standing';
import type { Client, Json, Status } from '@spillway/node';
import { createResolve, type Resolve } from './resolution.ts';

export const PROVIDER_NAME = 'spillway';

export interface Tracked {
  readonly name: string;
  readonly context: EvaluationContext;
  readonly details: TrackingEventDetails;
}

export interface ProviderOptions {
  /** Names the set that the flags belong to in telemetry, for instance `shop/production`. */
  readonly flagSetId?: string;
  /** How long OpenFeature waits for the first configuration. The client's own limit when left out. */
  readonly timeoutMs?: number;
  /** Hears what the application tracks, beside the server. */
  readonly tracked?: (event: Tracked) => void;
}

/**
 * OpenFeature over a client that evaluates in this process: no evaluation waits for the network. The provider owns the
 * client from then on; OpenFeature connects it when the provider is set and closes it when it is replaced.
 */
export class SpillwayProvider implements Provider {
  readonly metadata = { name: PROVIDER_NAME };
  readonly runsOn = 'server';
  readonly events = new OpenFeatureEventEmitter();
  readonly #client: Client;
  readonly #options: ProviderOptions;
  readonly #resolve: Resolve;
  #forget: (() => void)[] = [];

  constructor(client: Client, options: ProviderOptions = {}) {
    this.#client = client;
    this.#options = options;
    this.#resolve = createResolve(options.flagSetId);
  }

  /** Rejects while there is nothing to answer from; the client goes on trying, and READY follows when it succeeds. */
  async initialize(): Promise<void> {
    const { timeoutMs } = this.#options;
    const status = await this.#client.initialize(timeoutMs === undefined ? {} : { timeoutMs });
    this.#follow();
    if (status.configuration === 0) throw failureOf(status);
    // OpenFeature tells READY once this is done; that the answers are old must be heard after it.
    if (status.is !== 'ready') setImmediate(() => this.#tell(this.#client.status()));
  }

  async onClose(): Promise<void> {
    for (const forget of this.#forget) forget();
    this.#forget = [];
    await this.#client.close();
  }

  resolveBooleanEvaluation(key: string, fallback: boolean, context: EvaluationContext) {
    return this.#resolve<boolean>(this.#client.details(key, jsonContext(context), fallback));
  }

  resolveStringEvaluation(key: string, fallback: string, context: EvaluationContext) {
    return this.#resolve<string>(this.#client.details(key, jsonContext(context), fallback));
  }

  resolveNumberEvaluation(key: string, fallback: number, context: EvaluationContext) {
    return this.#resolve<number>(this.#client.details(key, jsonContext(context), fallback));
  }

  resolveObjectEvaluation<T extends JsonValue>(
    key: string,
    fallback: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    return this.#resolve<T>(this.#client.details(key, jsonContext(context), fallback as Json));
  }

  track(name: string, context: EvaluationContext, details: TrackingEventDetails): void {
    this.#client.track(name, jsonContext(context), details);
    this.#options.tracked?.({ name, context, details });
  }

  #follow(): void {
    if (this.#forget.length > 0) return;
    this.#forget = [
      this.#client.on('status', (status) => this.#tell(status)),
      this.#client.on('change', ({ flags }) =>
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flags] }),
      ),
    ];
  }

  #tell(status: Status): void {
    tellStanding(status, {
      ready: () => this.events.emit(ProviderEvents.Ready),
      stale: (message) => this.events.emit(ProviderEvents.Stale, { message }),
      failed: (message, code) => this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode[code] }),
    });
  }
}

/** A refused key stays refused until somebody acts; an unreachable server may be back in a moment. */
function failureOf({ is, problem = 'no configuration has been received yet' }: Status) {
  return is === 'failed' ? new ProviderFatalError(problem) : new ProviderNotReadyError(problem);
}
