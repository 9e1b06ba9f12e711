import { type CartLine, totalCents } from './cart.ts';
import { findProduct, formatPrice, PRODUCTS, type Product, recommendationsFor } from './catalogue.ts';
import type { Edition } from './edition.ts';

/** The whole shop on one page; its script only calls the JSON endpoints. Everything shown is the shop's own text. */
export function renderPage(edition: Edition, cart: readonly CartLine[], freeShipping: boolean): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Outdoor shop ${edition.version}</title>
<style>${STYLE}</style>
</head>
<body class="${edition.version}">
<header><h1>Outdoor shop</h1><span class="badge">${edition.version}</span></header>
${freeShipping ? '<p class="banner">Free shipping today.</p>' : ''}
<main>${PRODUCTS.map((product) => card(product, edition)).join('\n')}</main>
<aside aria-live="polite"><h2>Your cart</h2><ul id="lines">${cart.map(line).join('')}</ul>
<p>Total <strong id="total">${formatPrice(totalCents(cart))}</strong></p>
<button id="checkout" ${cart.length === 0 ? 'disabled' : ''}>Buy</button><p id="message"></p></aside>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function card(product: Product, edition: Edition): string {
  const also = recommendationsFor(product)
    .map(({ name }) => name)
    .join(', ');
  return `<article><div class="picture" aria-hidden="true">${product.picture}</div>
<h2>${product.name}</h2><p>${product.about}</p>${edition.recommends ? `<p class="also">Goes well with: ${also}</p>` : ''}
<p class="buy"><strong>${formatPrice(product.price_cents)}</strong><button data-add="${product.id}">Add to cart</button></p></article>`;
}

function line({ product, quantity }: CartLine): string {
  return `<li>${quantity} × ${findProduct(product)?.name ?? ''}</li>`;
}

const STYLE = `
:root { color-scheme: light dark; --accent: #0f7b4f; --line: color-mix(in srgb, currentColor 15%, transparent); }
body.v2 { --accent: #3451d1 } body.v3 { --accent: #c42b2b }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1.5rem; display: grid; gap: 1rem }
header { display: flex; align-items: center; gap: 1rem } h1 { margin: 0; font-size: 1.4rem } h2 { margin: 0; font-size: 1rem }
.badge { background: var(--accent); color: #fff; padding: .1rem .6rem; border-radius: 1rem; font-size: .85rem }
.banner { background: color-mix(in srgb, var(--accent) 15%, transparent); padding: .5rem 1rem; border-radius: .5rem; margin: 0 }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: 1rem }
article, aside { border: 1px solid var(--line); border-radius: .75rem; padding: 1rem } article p { margin: .3rem 0 }
.picture { font-size: 2.5rem } .also { font-size: .85rem; color: var(--accent) }
.buy { display: flex; justify-content: space-between; align-items: center }
button { font: inherit; border: 0; border-radius: .5rem; padding: .45rem .9rem; background: var(--accent); color: #fff; cursor: pointer }
button:disabled { opacity: .4; cursor: default } ul { padding-left: 1.2rem }
`;

const SCRIPT = `
const names = new Map([...document.querySelectorAll('[data-add]')].map((button) => [button.dataset.add, button.closest('article').querySelector('h2').textContent]));
const show = (cart) => {
  document.querySelector('#lines').replaceChildren(...cart.lines.map(({ product, quantity }) => Object.assign(document.createElement('li'), { textContent: quantity + ' × ' + names.get(product) })));
  document.querySelector('#total').textContent = '€ ' + (cart.total_cents / 100).toFixed(2);
  document.querySelector('#checkout').disabled = cart.lines.length === 0;
};
const post = (path, body) => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const say = (text) => { document.querySelector('#message').textContent = text };
for (const button of document.querySelectorAll('[data-add]')) button.onclick = async () => {
  const answer = await post('api/cart', { product: button.dataset.add });
  if (answer.ok) { show(await answer.json()); say('') } else say('That did not work. Please try again.');
};
document.querySelector('#checkout').onclick = async () => {
  const answer = await post('api/checkout', {});
  if (answer.ok) { show({ lines: [], total_cents: 0 }); say('Thank you! Order ' + (await answer.json()).order.slice(0, 8) + '.') } else say('The order failed. Please try again.');
};
`;
