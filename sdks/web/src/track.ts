import { createEventQueue, Exposures, exposureEvent, type TrackDetails, trackedEvent } from '@spillway/client/events';
import type { Client, ClientOptions } from './client.ts';
import { browserPlatform } from './platform.ts';

export type { TrackDetails } from '@spillway/client/events';

export interface TrackingOptions extends Pick<ClientOptions, 'url' | 'clientKey' | 'context' | 'log'> {
  /** Whether the server is told, once an hour, which variants of which flags this user met. False when left out. */
  readonly exposures?: boolean;
}

export interface Tracking {
  /** Tells the server what the user did. Waits for nothing and never throws. */
  track(name: string, details?: TrackDetails): void;
  /** Sends what waits; never rejects. */
  flush(): Promise<void>;
  /** Events that the server does not know and will not. */
  readonly dropped: number;
}

/** The client with `track` and, if wanted, exposures. Apart from the client, so that pages which do not track load less. */
export function withTracking(client: Client, options: TrackingOptions): Client & Tracking {
  const platform = browserPlatform(options.log);
  const queue = createEventQueue({ url: options.url, key: options.clientKey }, platform);
  const exposures = options.exposures === true ? new Exposures() : undefined;
  let { context } = options;
  const forgetPage = platform.onReturn(() => {
    if (platform.isHidden()) void queue.flush();
  });

  const details: Client['details'] = (flagKey, fallback) => {
    const answer = client.details(flagKey, fallback);
    const user = context?.targetingKey;
    const { variant = null, reason, flagMetadata } = answer;
    if (exposures === undefined || reason === 'ERROR' || typeof user !== 'string') return answer;
    if (exposures.isNew(user, flagKey, variant, platform.now())) {
      queue.add(
        exposureEvent(platform, { flag: flagKey, variant, configuration: flagMetadata.configuration }, context),
      );
    }
    return answer;
  };

  return {
    ...client,
    details,
    boolean: (flagKey, fallback) => details(flagKey, fallback).value,
    string: (flagKey, fallback) => details(flagKey, fallback).value,
    number: (flagKey, fallback) => details(flagKey, fallback).value,
    json(flagKey, fallback) {
      details(flagKey, fallback);
      return client.json(flagKey, fallback);
    },
    identify(next, how) {
      context = next;
      return client.identify(next, how);
    },
    track(name, more) {
      const event = trackedEvent(platform, name, context, more);
      if (event === undefined) platform.log('warn', 'track needs a name of 1 to 200 characters');
      else queue.add(event);
    },
    flush: () => queue.flush(),
    get dropped() {
      return queue.dropped;
    },
    close() {
      forgetPage();
      void queue.stop();
      client.close();
    },
  };
}
