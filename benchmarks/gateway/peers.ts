import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, onPath, type Running, startServer } from './processes.ts';

/** Proxies to compare with, and how to get them. */
export const PEERS = {
  nginx: { hint: 'apt-get install nginx-light', start: startNginx },
  haproxy: { hint: 'apt-get install haproxy', start: startHaproxy },
} as const;

export type PeerName = keyof typeof PEERS;

export function missingPeers(): readonly PeerName[] {
  return (Object.keys(PEERS) as PeerName[]).filter((name) => onPath(name) === undefined);
}

/** One worker process, kept connections to the backend, no access log. */
async function startNginx(directory: string, backendPort: number): Promise<Running> {
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const config = `daemon off;
worker_processes 1;
pid ${join(directory, 'nginx.pid')};
error_log ${join(directory, 'nginx-error.log')};
events { worker_connections 4096; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${join(directory, `nginx-${name}`)};`).join('\n  ')}
  keepalive_requests 100000000;
  upstream backend { server 127.0.0.1:${backendPort}; keepalive 256; keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`;
  const file = join(directory, 'nginx.conf');
  await writeFile(file, config);
  return startServer(
    onPath('nginx') ?? 'nginx',
    ['-c', file, '-p', directory, '-e', join(directory, 'nginx-error.log')],
    port,
  );
}

/** One thread, kept connections to the backend, no log. */
async function startHaproxy(directory: string, backendPort: number): Promise<Running> {
  const port = await freePort();
  const config = `global
  nbthread 1
  maxconn 8192
defaults
  mode http
  option forwardfor
  http-reuse always
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend users
  bind 127.0.0.1:${port} backlog 4096
  http-request set-header X-Forwarded-Proto http
  default_backend app
backend app
  server one 127.0.0.1:${backendPort} pool-max-conn 256
`;
  const file = join(directory, 'haproxy.cfg');
  await writeFile(file, config);
  return startServer(onPath('haproxy') ?? 'haproxy', ['-db', '-f', file], port);
}
