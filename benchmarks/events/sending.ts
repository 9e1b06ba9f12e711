import { Agent, request } from 'node:http';

/** As many as a key kind may send at once to one environment, less a margin: beyond that the door would slow the sender down. */
export const EVENTS_A_ROUND = 15_000;
const CONNECTIONS = 8;

/** Where a round's events go. Each round takes an environment, and so a key, of its own. */
export interface Door {
  readonly port: number;
  readonly key: string;
}

let rounds = 0;

/** Events a second of one round, in batches of `size`; what is sent was made before the clock starts. */
export async function measureRound({ port, key }: Door, size: number): Promise<number> {
  rounds += 1;
  const bodies = Array.from({ length: EVENTS_A_ROUND / size }, (_, batch) => bodyOf(`round-${rounds}-${batch}`, size));
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const started = performance.now();
  const sender = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await post({ port, key }, agent, body);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  return EVENTS_A_ROUND / seconds;
}

function bodyOf(batch: string, size: number): Buffer {
  const at = new Date().toISOString();
  const events = Array.from({ length: size }, (_, index) => ({
    ...{ id: `${batch}-${index}`, type: 'flag_evaluated', at },
    ...{ context: { user: `user-${index}` }, flag: 'checkout', variant: 'on' },
  }));
  return Buffer.from(JSON.stringify({ events }));
}

function post({ port, key }: Door, agent: Agent, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': body.length,
    };
    const sent = request({ port, host: '127.0.0.1', path: '/api/v1/events', method: 'POST', headers, agent });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`a batch was answered with ${response.statusCode}`));
      });
    });
    sent.end(body);
  });
}
