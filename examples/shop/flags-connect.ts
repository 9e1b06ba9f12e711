import { CART_COOKIE } from './cart.ts';
import { cookieIn } from './cookie.ts';
import { type Flags, NO_FLAGS } from './flags.ts';

const START_MAX_MS = 1_000;
/** The gateway knows each visitor by this cookie; flags and versions then treat the same person the same way. */
const VISITOR_COOKIE = 'spillway_visitor';

/** Flags from Spillway when SPILLWAY_URL and SPILLWAY_SDK_KEY are set; the shop runs without them just as well. */
export async function connectFlags(env: Readonly<Record<string, string | undefined>>): Promise<Flags> {
  const { SPILLWAY_URL: url, SPILLWAY_SDK_KEY: sdkKey } = env;
  if (!url || !sdkKey) return NO_FLAGS;
  try {
    // Only here, so that the shop needs nothing installed when it is run by itself.
    const { createClient } = await import('@spillway/node');
    const client = createClient({ url, sdkKey });
    await client.initialize({ timeoutMs: START_MAX_MS });
    return {
      freeShipping: ({ headers }) => {
        const visitor = cookieIn(headers.cookie, VISITOR_COOKIE);
        const context = {
          ...(visitor === undefined ? {} : { targetingKey: visitor }),
          has_cart: cookieIn(headers.cookie, CART_COOKIE) !== undefined,
        };
        return client.boolean('free-shipping', context, false);
      },
      close: () => client.close(),
    };
  } catch (error) {
    console.error(`No flags: ${error instanceof Error ? error.message : String(error)}`);
    return NO_FLAGS;
  }
}
