import './styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { createQueries } from './live/queries.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id "root"');

createRoot(root).render(
  <QueryClientProvider client={createQueries()}>
    <App />
  </QueryClientProvider>,
);
