import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import {
  echo,
  eventually,
  exchangeRaw,
  type GatewayProcess,
  openRaw,
  routeTo,
  startBackend,
  startGatewayProcess,
  startTcpBackend,
} from '../testing/index.ts';

let gateway: GatewayProcess;
let serial = 0;

before(async () => {
  gateway = await startGatewayProcess({
    env: {
      SPILLWAY_GATEWAY_ANSWER_MS: '300',
      SPILLWAY_GATEWAY_SILENCE_MS: '300',
      SPILLWAY_GATEWAY_CLIENT_STALL_MS: '1000',
      SPILLWAY_GATEWAY_HEAD_MS: '400',
    },
  });
});

after(async () => {
  await gateway.stop();
});

const HOST = 'Host: a.test\r\n';

/** A service of its own for one test, with its metrics. */
async function serve(urls: readonly string[]) {
  serial += 1;
  const service = `test/s${serial}`;
  const path = `/s${serial}`;
  await gateway.admin.putRoute(routeTo(urls, { service, path_prefix: path }));
  return {
    path,
    async counts() {
      const reading = (await gateway.admin.metrics()).services[service]?.v1;
      if (!reading) throw new Error(`No metrics for ${service}.`);
      return reading;
    },
  };
}

async function serveWith(listener: RequestListener) {
  const backend = await startBackend(listener);
  return { ...(await serve([backend.url])), backend };
}

async function serveTcp(onConnection: (socket: Socket) => void) {
  const backend = await startTcpBackend(onConnection);
  return { ...(await serve([backend.url])), backend };
}

test('an instance that takes too long to answer gives 504 and counts as a timeout', async () => {
  const { path, counts, backend } = await serveWith(() => undefined);
  assert.match(
    await exchangeRaw(gateway.port, `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 2_500),
    /^HTTP\/1\.1 504 /,
  );
  const { requests, errors, errors_by_class, in_flight } = await counts();
  assert.deepEqual(
    { requests, errors, timeout: errors_by_class.timeout, in_flight },
    { requests: 1, errors: 1, timeout: 1, in_flight: 0 },
  );
  await backend.close();
});

test('an instance that falls silent in the middle of an answer has its connection to the client cut', async () => {
  const { path, counts, backend } = await serveWith((_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('some');
  });
  const client = await openRaw(gateway.port);
  client.send(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
  assert.match(await client.closed(2_500), /\r\n\r\nsome$/);
  assert.equal((await counts()).errors_by_class.timeout, 1);
  await backend.close();
});

test('an instance that closes before it answers gives 502 once a second try failed too', async () => {
  let requests = 0;
  const { path, counts, backend } = await serveTcp((socket) => {
    socket.once('data', () => {
      requests += 1;
      socket.destroy();
    });
  });
  assert.match(
    await exchangeRaw(gateway.port, `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 1_000),
    /^HTTP\/1\.1 502 /,
  );
  assert.equal(requests, 2);
  const { errors, errors_by_class, retries } = await counts();
  assert.deepEqual({ errors, reset: errors_by_class.reset, retries }, { errors: 1, reset: 1, retries: 1 });
  await backend.close();
});

test('a POST that may have had its effect is not tried again', async () => {
  let requests = 0;
  const { path, backend } = await serveTcp((socket) => {
    socket.once('data', () => {
      requests += 1;
      setTimeout(() => socket.destroy(), 20);
    });
  });
  assert.match(
    await exchangeRaw(
      gateway.port,
      `POST ${path} HTTP/1.1\r\n${HOST}Connection: close\r\nContent-Length: 2\r\n\r\nab`,
      1_000,
    ),
    /^HTTP\/1\.1 502 /,
  );
  assert.match(
    await exchangeRaw(
      gateway.port,
      `POST ${path} HTTP/1.1\r\n${HOST}Connection: close\r\nContent-Length: 0\r\n\r\n`,
      1_000,
    ),
    /^HTTP\/1\.1 502 /,
  );
  assert.equal(requests, 2);
  await backend.close();
});

test('a reset in the middle of an answer cuts the client off and is counted', async () => {
  const { path, counts, backend } = await serveTcp((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n');
      setTimeout(() => socket.resetAndDestroy(), 30);
    });
  });
  const client = await openRaw(gateway.port);
  client.send(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
  const all = await client.closed();
  assert.match(all, /4\r\nsome\r\n$/, 'no terminating chunk that would make it look whole');
  assert.equal((await counts()).errors_by_class.reset, 1);
  await backend.close();
});

const INVALID_ANSWERS: readonly (readonly [string, string])[] = [
  ['both lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc'],
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a bad chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['a folded header', 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 0\r\n\r\n'],
  ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 0\n\n'],
  ['an unasked upgrade', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
];

for (const [name, bytes] of INVALID_ANSWERS) {
  test(`an answer with ${name} is not passed on as a whole answer and counts against the version`, async () => {
    const { path, counts, backend } = await serveTcp((socket) => {
      socket.once('data', () => socket.write(bytes));
    });
    const all = await exchangeRaw(gateway.port, `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 1_000);
    assert.match(all, /^$|^HTTP\/1\.1 502 |^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n$/s);
    assert.equal((await counts()).errors, 1);
    await backend.close();
  });
}

test('an instance that refuses connections is passed over for another of its version', async () => {
  const gone = await startBackend(echo('gone'));
  await gone.close();
  const good = await startBackend(echo('good'));
  const { path, counts } = await serve([gone.url, good.url]);
  for (let i = 0; i < 20; i++) {
    assert.match(
      await exchangeRaw(
        gateway.port,
        `POST ${path} HTTP/1.1\r\n${HOST}Connection: close\r\nContent-Length: 2\r\n\r\nhi`,
        1_000,
      ),
      /"name":"good".*"body":"hi"/,
    );
  }
  const { requests, errors, retries } = await counts();
  assert.deepEqual({ requests, errors }, { requests: 20, errors: 0 });
  assert.ok(retries >= 1 && retries < 20, `${retries} retries: it is asked last for a while`);
  await good.close();
});

test('without any instance that can be reached the answer is 503, and 200 as soon as one is back', async () => {
  const first = await startBackend(echo('first'));
  await first.close();
  const { path, counts } = await serve([first.url]);
  const all = await exchangeRaw(gateway.port, `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 1_000);
  assert.match(all, /^HTTP\/1\.1 503 .*\r\n\r\nNo instance of this service can be reached now\.\n$/s);
  assert.equal((await counts()).errors_by_class.connect, 1);
  const back = await startBackend(echo('back'), Number(new URL(first.url).port));
  assert.match(
    await exchangeRaw(gateway.port, `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 1_000),
    /^HTTP\/1\.1 200 /,
  );
  await back.close();
});

test('a kept connection that the instance closes just as it is used again is no failure for the user', async () => {
  const { path, counts, backend } = await serveTcp((socket) => {
    // Promises to keep the connection, answers once, and drops it when the next request comes.
    let served = false;
    socket.on('data', () => {
      if (served) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      served = true;
    });
  });
  const client = await openRaw(gateway.port);
  for (let i = 1; i <= 10; i++) {
    client.send(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
    await client.until(new RegExp(`^(HTTP/1\\.1 200 [^]*?\\r\\n\\r\\nok){${i}}$`));
  }
  client.socket.destroy();
  const { requests, errors, retries } = await counts();
  assert.deepEqual({ requests, errors, retries }, { requests: 10, errors: 0, retries: 9 });
  await backend.close();
});

test('an answer that comes while the body is still being sent reaches the client, and the connection goes on', async () => {
  const { path, counts, backend } = await serveWith((request, response) => {
    if (request.method === 'GET') response.end('next');
    else response.writeHead(413, { 'content-length': 7, connection: 'close' }).end('too big');
  });
  const client = await openRaw(gateway.port);
  client.send(`POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 100000\r\n\r\n${'a'.repeat(1_000)}`);
  assert.match(await client.until('too big'), /^HTTP\/1\.1 413 /);
  client.send('a'.repeat(99_000));
  client.send(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
  await client.until('next');
  client.socket.destroy();
  assert.equal((await counts()).errors, 0);
  await backend.close();
});

test('a client that goes on sending far too much after its answer is cut off', async () => {
  const { path, backend } = await serveWith((_, response) =>
    response.writeHead(413, { 'content-length': 7 }).end('too big'),
  );
  const client = await openRaw(gateway.port);
  client.send(`POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 100000000\r\n\r\n`);
  await client.until('too big');
  const closed = new Promise((resolve) => client.socket.once('close', resolve));
  const pump = () => {
    while (!client.socket.destroyed && client.socket.write(Buffer.alloc(65_536))) {}
  };
  client.socket.on('drain', pump);
  client.socket.on('end', () => client.socket.destroy());
  pump();
  await closed;
  assert.ok(client.socket.bytesWritten < 50_000_000);
  await backend.close();
});

test('a client that goes away takes its request at the instance with it, and the version is not blamed', async () => {
  let cancelled = false;
  let began = false;
  const { path, counts, backend } = await serveWith((request, response) => {
    began = true;
    response.writeHead(200);
    const timer = setInterval(() => response.write('tick'), 20);
    request.socket.on('close', () => {
      cancelled = true;
      clearInterval(timer);
    });
  });
  const client = await openRaw(gateway.port);
  client.send(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
  await client.until('tick');
  assert.ok(began);
  client.socket.destroy();
  await eventually(() => cancelled, 'the instance sees the end');
  await eventually(async () => (await counts()).client_gone === 1, 'counted');
  const { errors, in_flight, requests } = await counts();
  assert.deepEqual({ errors, in_flight, requests }, { errors: 0, in_flight: 0, requests: 1 });
  await backend.close();
});

test('a client that goes away while it sends takes its request with it', async () => {
  let aborted = false;
  const { path, counts, backend } = await serveWith((request) => {
    request.on('error', () => undefined);
    request.on('close', () => (aborted = !request.complete));
    request.resume();
  });
  const client = await openRaw(gateway.port);
  client.send(`POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 100\r\n\r\nsome`);
  await eventually(async () => (await counts()).in_flight === 1, 'under way');
  client.socket.resetAndDestroy();
  await eventually(() => aborted, 'the instance sees the end');
  await eventually(async () => (await counts()).client_gone === 1, 'counted');
  assert.equal((await counts()).errors, 0);
  await backend.close();
});

test('a body that turns out to be no HTTP is refused, and the instance does not get it as a whole', async () => {
  let complete = false;
  const { path, counts, backend } = await serveWith((request) => {
    request.on('error', () => undefined);
    request.on('end', () => (complete = true));
    request.resume();
  });
  const client = await openRaw(gateway.port);
  client.send(`POST ${path} HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n`);
  await eventually(async () => (await counts()).in_flight === 1, 'under way');
  client.send('zz\r\n');
  assert.match(await client.closed(), /^HTTP\/1\.1 400 /);
  await eventually(async () => (await counts()).in_flight === 0, 'over');
  assert.equal(complete, false);
  assert.equal((await counts()).errors, 0);
  await backend.close();
});

test('a client that has ended its side still gets its answer', async () => {
  const { path, backend } = await serveWith((_, response) => {
    setTimeout(() => response.end('late'), 100);
  });
  const client = await openRaw(gateway.port);
  client.socket.end(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
  assert.match(await client.closed(), /^HTTP\/1\.1 200 .*late/s);
  await backend.close();
});

test('an instance that ends its side after a whole answer is no failure', async () => {
  const { path, counts, backend } = await serveTcp((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'));
  });
  assert.match(
    await exchangeRaw(gateway.port, `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`, 1_000),
    /d\r\nuntil the end\r\n0\r\n\r\n$/,
  );
  assert.equal((await counts()).errors, 0);
  await backend.close();
});

test('a client that sends its head too slowly gets 408', async () => {
  const client = await openRaw(gateway.port);
  client.send('GET / HTTP/1.1\r\n');
  assert.match(await client.closed(4_000), /^HTTP\/1\.1 408 /);
});

test('a client that reads slowly holds the instance back, and one that stops reading is cut off', async () => {
  let written = 0;
  let closed = false;
  const { path, counts, backend } = await serveWith((_, response) => {
    const chunk = Buffer.alloc(65_536, 'x');
    const pump = () => {
      while (!response.destroyed && written < 400_000_000) {
        written += chunk.length;
        if (!response.write(chunk)) return;
      }
      response.end();
    };
    response.on('drain', pump);
    response.on('close', () => (closed = true));
    pump();
  });
  const client = await openRaw(gateway.port);
  client.socket.pause();
  client.send(`GET ${path} HTTP/1.1\r\n${HOST}\r\n`);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const held = written;
  assert.ok(held < 40_000_000, `the instance could write ${held} bytes that nobody reads`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(written, held, 'nothing moves while nobody reads');
  await eventually(() => closed, 'the stalled client is cut off');
  await eventually(async () => (await counts()).client_gone === 1, 'counted');
  client.socket.destroy();
  await backend.close();
});

test('an instance that reads slowly holds the client back', async () => {
  const { path, backend } = await serveTcp((socket) => socket.pause());
  const client = await openRaw(gateway.port);
  client.socket.on('error', () => undefined);
  client.send(`POST ${path} HTTP/1.1\r\n${HOST}Content-Length: 400000000\r\n\r\n`);
  let sent = 0;
  const chunk = Buffer.alloc(65_536);
  const pump = () => {
    while (!client.socket.destroyed && sent < 200_000_000) {
      sent += chunk.length;
      if (!client.socket.write(chunk)) return;
    }
  };
  client.socket.on('drain', pump);
  pump();
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.ok(sent < 40_000_000, `the client could send ${sent} bytes that nobody reads`);
  client.socket.destroy();
  await backend.close();
});
