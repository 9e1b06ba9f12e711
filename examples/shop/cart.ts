import { findProduct } from './catalogue.ts';
import { cookieIn } from './cookie.ts';

/**
 * The cart lives in its owner's cookie, `tent.2-mug.1`: whichever version of the shop answers next knows it, and no version
 * has to hand anything over to another.
 */
export const CART_COOKIE = 'shop_cart';
export const QUANTITY_MAX = 20;

export interface CartLine {
  readonly product: string;
  readonly quantity: number;
}

export function readCart(cookies: string | undefined): readonly CartLine[] {
  const value = cookieIn(cookies, CART_COOKIE);
  const lines: CartLine[] = [];
  for (const part of value?.split('-') ?? []) {
    const [product = '', amount = ''] = part.split('.');
    const quantity = Number(amount);
    if (findProduct(product) && isQuantity(quantity) && !lines.some((line) => line.product === product)) {
      lines.push({ product, quantity });
    }
  }
  return lines;
}

export function cartCookie(lines: readonly CartLine[]): string {
  const value = lines.map(({ product, quantity }) => `${product}.${quantity}`).join('-');
  return `${CART_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${lines.length === 0 ? '; Max-Age=0' : ''}`;
}

export function addToCart(lines: readonly CartLine[], product: string, quantity: number): readonly CartLine[] {
  const before = lines.find((line) => line.product === product)?.quantity ?? 0;
  const others = lines.filter((line) => line.product !== product);
  return [...others, { product, quantity: Math.min(QUANTITY_MAX, before + quantity) }];
}

export function totalCents(lines: readonly CartLine[]): number {
  return lines.reduce((sum, { product, quantity }) => sum + (findProduct(product)?.price_cents ?? 0) * quantity, 0);
}

export function isQuantity(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= QUANTITY_MAX;
}
