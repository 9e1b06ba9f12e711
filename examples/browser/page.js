import { createClient } from '@spillway/web';

const address = new URLSearchParams(location.search);
const client = createClient({
  url: address.get('server') ?? 'http://127.0.0.1:4600',
  clientKey: address.get('key') ?? '',
  context: { targetingKey: address.get('user') ?? 'somebody' },
});

function show() {
  const isNew = client.boolean('new-checkout', false);
  document.querySelector('#checkout').textContent = isNew ? 'The new checkout' : 'The old checkout';
  document.querySelector('#status').textContent = client.status().is;
}

client.on('change', show);
client.on('status', show);
await client.initialize();
show();
