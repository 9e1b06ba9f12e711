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
} from '@openfeature/web-sdk';
import { jsonContext } from '@spillway/client/json-context';
import { tellStanding } from '@spillway/client/provider-standing';
import { type Client, type ClientOptions, createClient, type Json, type Status } from '@spillway/web';
import type { Tracking, withTracking } from '@spillway/web/track';
import { resolutionOf } from './resolution.ts';

export const PROVIDER_NAME = 'spillway';

export interface Tracked {
  readonly name: string;
  readonly context: EvaluationContext;
  readonly details: TrackingEventDetails;
}

/** What the client for pages takes; the context is OpenFeature's. */
export interface ProviderOptions extends Omit<ClientOptions, 'context'> {
  /** Names the set that the flags belong to in telemetry, for instance `shop/production`. */
  readonly flagSetId?: string;
  /** How long OpenFeature waits for the first values, and for another user's. The client's own limit when left out. */
  readonly timeoutMs?: number;
  /** `withTracking` of `@spillway/web/track`, so that the server is told what is tracked; pages without it load less. */
  readonly tracking?: typeof withTracking;
  /** With `tracking`: whether the server is told, once an hour, which variants the user met. False when left out. */
  readonly exposures?: boolean;
  /** Hears what the application tracks, beside the server. */
  readonly tracked?: (event: Tracked) => void;
}

/**
 * OpenFeature in a page: the server evaluates, this answers from memory and follows what changes. OpenFeature connects the provider
 * when it is set, tells it of another user, and closes it when it is replaced.
 */
export class SpillwayWebProvider implements Provider {
  readonly metadata = { name: PROVIDER_NAME };
  readonly runsOn = 'client';
  readonly events = new OpenFeatureEventEmitter();
  readonly #options: ProviderOptions;
  #client: (Client & Partial<Tracking>) | undefined;
  /** Contexts on their way. What happens meanwhile OpenFeature tells by itself when it is done. */
  #reconciling = 0;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  /** Rejects while there is nothing to answer from; the client goes on trying, and READY follows when it succeeds. */
  initialize(context: EvaluationContext = {}): Promise<void> {
    this.#client?.close();
    const options = { ...this.#options, context: jsonContext(context) };
    const plain = createClient(options);
    const client = options.tracking?.(plain, options) ?? plain;
    this.#client = client;
    client.on('status', (status) => this.#tell(status));
    client.on('change', ({ flags }) => {
      if (this.#reconciling === 0) {
        this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...flags] });
      }
    });
    return this.#settle(client, () => client.initialize(this.#waiting()));
  }

  /** Until the other user's values are there, answers are the code's defaults and never the last user's. */
  onContextChange(_: EvaluationContext, context: EvaluationContext): Promise<void> {
    const client = this.#client;
    if (client === undefined || client.status().is === 'closed') return Promise.resolve();
    return this.#settle(client, () => client.identify(jsonContext(context), this.#waiting()));
  }

  async onClose(): Promise<void> {
    this.#client?.close();
  }

  resolveBooleanEvaluation(key: string, fallback: boolean): ResolutionDetails<boolean> {
    return this.#resolve(key, fallback);
  }

  resolveStringEvaluation(key: string, fallback: string): ResolutionDetails<string> {
    return this.#resolve(key, fallback);
  }

  resolveNumberEvaluation(key: string, fallback: number): ResolutionDetails<number> {
    return this.#resolve(key, fallback);
  }

  resolveObjectEvaluation<T extends JsonValue>(key: string, fallback: T): ResolutionDetails<T> {
    return this.#resolve(key, fallback);
  }

  track(name: string, context: EvaluationContext, details: TrackingEventDetails): void {
    this.#client?.track?.(name, details);
    this.#options.tracked?.({ name, context, details });
  }

  #resolve<T extends JsonValue>(key: string, fallback: T): ResolutionDetails<T> {
    if (this.#client === undefined) {
      return { value: fallback, reason: 'ERROR', errorCode: ErrorCode.PROVIDER_NOT_READY };
    }
    return resolutionOf(this.#client.details(key, fallback as Json), this.#options.flagSetId);
  }

  #waiting(): { readonly timeoutMs?: number } {
    const { timeoutMs } = this.#options;
    return timeoutMs === undefined ? {} : { timeoutMs };
  }

  async #settle(client: Client, work: () => Promise<Status>): Promise<void> {
    this.#reconciling += 1;
    let status: Status;
    try {
      status = await work();
    } finally {
      this.#reconciling -= 1;
    }
    if (status.is === 'closed') return;
    if (status.configuration === 0) throw failureOf(status);
    // OpenFeature tells READY or CONTEXT_CHANGED once this is done; that the answers are old must be heard after it.
    if (status.is !== 'ready') setTimeout(() => this.#tell(client.status()));
  }

  #tell(status: Status): void {
    if (this.#reconciling > 0) return;
    tellStanding(status, {
      ready: () => this.events.emit(ProviderEvents.Ready),
      stale: (message) => this.events.emit(ProviderEvents.Stale, { message }),
      failed: (message, code) => this.events.emit(ProviderEvents.Error, { message, errorCode: ErrorCode[code] }),
    });
  }
}

/** A refused key stays refused until somebody acts; an unreachable server may be back in a moment. */
function failureOf({ is, problem = 'no values have been received yet' }: Status) {
  return is === 'failed' ? new ProviderFatalError(problem) : new ProviderNotReadyError(problem);
}
