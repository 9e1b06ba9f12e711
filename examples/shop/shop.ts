import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { addToCart, type CartLine, cartCookie, isQuantity, QUANTITY_MAX, readCart, totalCents } from './cart.ts';
import { findProduct, PRODUCTS, recommendationsFor } from './catalogue.ts';
import type { Edition } from './edition.ts';
import type { Flags } from './flags.ts';
import { renderPage } from './page.ts';

const BODY_MAX = 4_096;

export interface Answer {
  readonly status: number;
  readonly type: 'application/json' | 'text/html; charset=utf-8';
  readonly body: string;
  readonly cookie?: string;
}

/** A request that is the customer's mistake: answered with this status and told why. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Answers one request. Rejects only for faults of the shop itself. */
export async function serve(request: IncomingMessage, edition: Edition, flags: Flags): Promise<Answer> {
  try {
    return await route(request, edition, flags);
  } catch (error) {
    if (error instanceof Refused) return json(error.status, { error: error.message });
    throw error;
  }
}

async function route(request: IncomingMessage, edition: Edition, flags: Flags): Promise<Answer> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const cart = readCart(request.headers.cookie);
  switch (`${request.method} ${path}`) {
    case 'GET /':
      return {
        status: 200,
        type: 'text/html; charset=utf-8',
        body: renderPage(edition, cart, flags.freeShipping(request)),
      };
    case 'GET /api/products':
      return json(200, { version: edition.version, products: PRODUCTS.map(({ goes_with: _, ...product }) => product) });
    case 'GET /api/cart':
      return cartAnswer(200, cart);
    case 'POST /api/cart':
      return add(cart, await readJson(request));
    case 'POST /api/checkout':
      return checkout(cart, edition);
  }
  const id = /^\/api\/products\/([^/]+)$/.exec(path)?.[1];
  if (request.method === 'GET' && id !== undefined) return product(id, edition);
  throw new Refused(404, `There is no ${request.method} ${path} in this shop.`);
}

async function product(id: string, edition: Edition): Promise<Answer> {
  const found = findProduct(id);
  if (found === undefined) throw new Refused(404, `There is no product "${id}".`);
  await edition.beforeProduct();
  const { goes_with: _, ...shown } = found;
  const recommendations = recommendationsFor(found).map(({ id, name, price_cents }) => ({ id, name, price_cents }));
  return json(200, edition.recommends ? { ...shown, recommendations } : shown);
}

function add(cart: readonly CartLine[], body: unknown): Answer {
  const { product: id, quantity = 1 } = (typeof body === 'object' && body !== null ? body : {}) as {
    product?: unknown;
    quantity?: unknown;
  };
  if (typeof id !== 'string' || findProduct(id) === undefined) throw new Refused(400, 'product: must be one we sell.');
  if (!isQuantity(quantity)) throw new Refused(400, `quantity: must be a whole number from 1 to ${QUANTITY_MAX}.`);
  return cartAnswer(200, addToCart(cart, id, quantity));
}

function checkout(cart: readonly CartLine[], edition: Edition): Answer {
  if (cart.length === 0) throw new Refused(409, 'The cart is empty: put something in first.');
  edition.beforeCheckout();
  const order = { order: randomUUID(), total_cents: totalCents(cart), lines: cart };
  return { ...json(201, order), cookie: cartCookie([]) };
}

function cartAnswer(status: number, cart: readonly CartLine[]): Answer {
  return { ...json(status, { lines: cart, total_cents: totalCents(cart) }), cookie: cartCookie(cart) };
}

function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json', body: JSON.stringify(body) };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_MAX) throw new Refused(413, `The body must have at most ${BODY_MAX} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refused(400, 'The body is not JSON.');
  }
}
