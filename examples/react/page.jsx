import { SpillwayProvider } from '@spillway/react';
import { createClient } from '@spillway/web';
import { hydrateRoot } from 'react-dom/client';
import { App } from './app.jsx';

const client = createClient(JSON.parse(document.querySelector('#state').textContent));
client.initialize();

hydrateRoot(
  document.querySelector('#root'),
  <SpillwayProvider client={client}>
    <App />
  </SpillwayProvider>,
  { onRecoverableError: (error) => globalThis.mismatch?.(String(error)) },
);
