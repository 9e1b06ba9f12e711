import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * Two documents: the dashboard, and the emergency page, which shares its tokens but not its weight.
 * Nothing is inlined, so that the server can forbid inline scripts, inline styles and `data:` addresses.
 */
export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    rolldownOptions: { input: { index: 'index.html', emergency: 'emergency.html' } },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4600' } },
});
