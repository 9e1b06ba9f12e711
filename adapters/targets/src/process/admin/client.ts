import { type ChannelAddress, type ChannelClient, ChannelRefusal, channelClient } from '@spillway/private-channel';

/** A supervisor that is just starting again is waited for this long. */
const RETRY_FOR_MS = 2_000;
const RETRY_EVERY_MS = 100;

/** Every call to the supervisor is idempotent, so one that found nobody is tried again. */
export function supervisorClient(address: ChannelAddress, token: string): ChannelClient {
  const { call } = channelClient({ address, token, peer: 'supervisor' });
  return {
    async call(method, path, body) {
      const until = performance.now() + RETRY_FOR_MS;
      for (;;) {
        try {
          return await call(method, path, body);
        } catch (error) {
          if (error instanceof ChannelRefusal || performance.now() > until) throw error;
          await new Promise((resolve) => setTimeout(resolve, RETRY_EVERY_MS));
        }
      }
    },
  };
}
