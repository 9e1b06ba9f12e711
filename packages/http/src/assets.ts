import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { acceptsGzip } from './accepts-gzip.ts';
import { alreadyHas } from './preconditions.ts';

/** One file of the dashboard, held in memory: a request can only ever name what is in the map. */
export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
}

/** By path, such as `/assets/index-4f3a.js`; `/index.html` is also answered for every page without a document of its own. */
export type Assets = ReadonlyMap<string, Asset>;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  json: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json; charset=utf-8',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
};

const COMPRESSIBLE = /^(?:text\/|application\/|image\/svg)/;
const MIN_COMPRESSED_BYTES = 1_024;

export function createAssets(files: Iterable<readonly [path: string, body: Buffer]>): Assets {
  const assets = new Map<string, Asset>();
  for (const [path, body] of files) {
    const extension = path.slice(path.lastIndexOf('.') + 1);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    assets.set(path, { body, type: TYPES[extension] ?? 'application/octet-stream', etag });
  }
  return assets;
}

export const INDEX = '/index.html';

/** Scripts come from this server alone; those inside the page are named by their hash. */
export function contentSecurityPolicy(assets: Assets): string {
  const pages = [...assets].flatMap(([path, { body }]) => (path.endsWith('.html') ? [body.toString('utf8')] : []));
  const scripts = pages.flatMap((page) => [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)]);
  const hashes = new Set(
    scripts.map(([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`),
  );
  return [
    "default-src 'none'",
    ["script-src 'self'", ...hashes].join(' '),
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export interface AssetAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const compressed = new WeakMap<Asset, Buffer>();

/** Built files carry a hash in their name and never change; pages are asked for again each time. */
export function answerAsset(path: string, asset: Asset, headers: IncomingHttpHeaders): AssetAnswer {
  const answer: Record<string, string> = {
    etag: asset.etag,
    vary: 'accept-encoding',
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (alreadyHas(headers, asset.etag)) return { status: 304, headers: answer, body: undefined };
  answer['content-type'] = asset.type;
  const small = asset.body.length < MIN_COMPRESSED_BYTES || !COMPRESSIBLE.test(asset.type);
  if (small || !acceptsGzip(headers)) return { status: 200, headers: answer, body: asset.body };
  const gzipped = compressed.get(asset) ?? gzipSync(asset.body);
  compressed.set(asset, gzipped);
  return { status: 200, headers: { ...answer, 'content-encoding': 'gzip' }, body: gzipped };
}

/** Shown where the dashboard would be when it has not been built. */
export const NOT_BUILT_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Spillway</title>
<h1>Spillway is running</h1>
<p>The dashboard is not part of this installation yet. From a checkout, build it and start again:</p>
<pre>npm run build -w @spillway/dashboard</pre>
<p>The API answers under <a href="/openapi.json">/api/v1</a>, and the command line works without the dashboard.</p>
</html>
`;
