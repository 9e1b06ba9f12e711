import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
import { SpillwayWebProvider } from '@spillway/openfeature-web';

const address = new URLSearchParams(location.search);
const client = OpenFeature.getClient();

function show() {
  const isNew = client.getBooleanValue('new-checkout', false);
  document.querySelector('#checkout').textContent = isNew ? 'The new checkout' : 'The old checkout';
  document.querySelector('#status').textContent = client.providerStatus;
}

for (const event of [ProviderEvents.Ready, ProviderEvents.Stale, ProviderEvents.Error]) client.addHandler(event, show);
client.addHandler(ProviderEvents.ConfigurationChanged, show);
client.addHandler(ProviderEvents.ContextChanged, show);

document.querySelector('#user').addEventListener('change', ({ target }) => {
  OpenFeature.setContext({ targetingKey: target.value });
});

await OpenFeature.setContext({ targetingKey: address.get('user') ?? 'somebody' });
await OpenFeature.setProviderAndWait(
  new SpillwayWebProvider({
    url: address.get('server') ?? 'http://127.0.0.1:4600',
    clientKey: address.get('key') ?? '',
  }),
).catch(show);
