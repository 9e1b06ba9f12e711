// An app to be supervised in tests; plain JavaScript, so that it starts fast. What it does wrong is said by MODE.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const SICK_AFTER_CHECKS = 3;
let checks = 0;
const mode = process.env.MODE ?? 'good';
const answers = {
  '/healthz': (response) => {
    checks += 1;
    response.writeHead(mode === 'sick' && checks > SICK_AFTER_CHECKS ? 503 : 200).end('ok');
  },
  '/env': (response) => response.end(JSON.stringify(process.env)),
  '/pid': (response) => response.end(String(process.pid)),
  '/slow': (response) => setTimeout(() => response.end('finished'), 600),
  '/crash': () => process.exit(3),
  '/child': (response) => response.end(String(grandchild?.pid)),
  '/burn': (response) => {
    const until = performance.now() + 3_000;
    const burn = () => {
      const stop = performance.now() + 50;
      while (performance.now() < stop);
      if (performance.now() < until) setImmediate(burn);
    };
    burn();
    response.end();
  },
};

if (mode === 'exit') {
  console.error('Error: the settings are missing');
  process.exit(7);
}
if (mode === 'spam') for (let line = 0; line < 4_000; line += 1) console.log(`${line} ${'x'.repeat(80)}`);
const grandchild = mode === 'parent' ? spawn('sleep', ['60'], { stdio: 'ignore' }) : undefined;

const server = createServer((request, response) => {
  const answer = answers[request.url];
  if (answer) answer(response);
  else response.writeHead(404).end();
});
server.listen(Number(process.env.PORT), '127.0.0.1');
let warned = false;
process.on('SIGTERM', () => {
  if (mode === 'one-warning' && warned) process.exit(9);
  warned = true;
  if (mode === 'stubborn') return;
  server.close(() => process.exit(0));
  setInterval(() => server.closeIdleConnections(), 50);
});
