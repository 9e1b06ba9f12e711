import { setTimeout as sleep } from 'node:timers/promises';

/** What one version of the shop does differently. A real shop would simply be other code. */
export interface Edition {
  readonly version: string;
  readonly recommends: boolean;
  /** Called before a product is shown. */
  beforeProduct(): Promise<void>;
  /** Called before an order is taken; throws when the order cannot be. */
  beforeCheckout(): void;
}

/** The third version is broken on purpose: products are slow and most orders are lost. */
const BROKEN_PRODUCT_MS = 1_500;
const BROKEN_CHECKOUT_SHARE = 0.6;

const SOUND = { beforeProduct: async () => undefined, beforeCheckout: () => undefined } as const;

const EDITIONS: Readonly<Record<string, Edition>> = {
  v1: { version: 'v1', recommends: false, ...SOUND },
  v2: { version: 'v2', recommends: true, ...SOUND },
  v3: {
    version: 'v3',
    recommends: true,
    async beforeProduct() {
      await sleep(BROKEN_PRODUCT_MS);
    },
    beforeCheckout() {
      if (Math.random() < BROKEN_CHECKOUT_SHARE) throw new Error('The payment gateway client was never connected.');
    },
  },
};

/** Throws when there is no such version. */
export function editionOf(version: string): Edition {
  const edition = Object.hasOwn(EDITIONS, version) ? EDITIONS[version] : undefined;
  if (edition === undefined) {
    throw new Error(`SHOP_VERSION must be one of ${Object.keys(EDITIONS).join(', ')}, not "${version}".`);
  }
  return edition;
}
