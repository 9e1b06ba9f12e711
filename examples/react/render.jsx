import { SpillwayProvider } from '@spillway/react';
import { createClient } from '@spillway/web';
import { withTracking } from '@spillway/web/track';
import { renderToString } from 'react-dom/server';
import { App } from './app.jsx';

/** The page for one user. `bootstrap` is what `client.bootstrapFor(context)` of `@spillway/node` made. */
export function render({ url, clientKey, context, bootstrap }) {
  // Never initialized: on the server it answers from the bootstrap alone.
  const options = { url, clientKey, context, bootstrap };
  const client = withTracking(createClient(options), options);
  const markup = renderToString(
    <SpillwayProvider client={client}>
      <App />
    </SpillwayProvider>,
  );
  // In a script element, `<` could end it.
  const state = JSON.stringify(options).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Flags in React</title></head>
  <body>
    <div id="root">${markup}</div>
    <script id="state" type="application/json">${state}</script>
    <script type="module" src="page.js"></script>
  </body>
</html>`;
}
