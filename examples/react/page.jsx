import { SpillwayProvider } from '@spillway/react';
import { createClient } from '@spillway/web';
import { withTracking } from '@spillway/web/track';
import { hydrateRoot } from 'react-dom/client';
import { App } from './app.jsx';

const options = JSON.parse(document.querySelector('#state').textContent);
const client = withTracking(createClient(options), options);
client.initialize();

hydrateRoot(
  document.querySelector('#root'),
  <SpillwayProvider client={client}>
    <App />
  </SpillwayProvider>,
  { onRecoverableError: (error) => globalThis.mismatch?.(String(error)) },
);
