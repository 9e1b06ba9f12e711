import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What users saw. A failure is the application's own when the application signed the answer. */
export interface TrafficCount {
  requests: number;
  failedByApp: number;
  failedOtherwise: number;
  readonly firstFailures: string[];
}

const CONNECTIONS = 40;
/** Enough that the first step's share always holds some of them: with few users it may be nobody, and nothing to judge by. */
const USERS = 400;
const PAUSE_MS = 150;
const TIMEOUT_MS = 15_000;
const FAILURES_KEPT = 10;

/** Users who keep asking over kept connections, until stopped. About 250 requests a second. */
export function startTraffic(gatewayUrl: string): { readonly count: TrafficCount; stop(): Promise<void> } {
  const count: TrafficCount = { requests: 0, failedByApp: 0, failedOtherwise: 0, firstFailures: [] };
  let stopping = false;
  const connection = async (first: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let user = first; !stopping; user = (user + CONNECTIONS) % USERS) {
      const seen = await ask(gatewayUrl, user, agent);
      count.requests++;
      if (seen.is === 'failed' && seen.byApp) count.failedByApp++;
      else if (seen.is === 'failed') {
        count.failedOtherwise++;
        if (count.firstFailures.length < FAILURES_KEPT) count.firstFailures.push(seen.what);
      }
      await sleep(PAUSE_MS);
    }
    agent.destroy();
  };
  const connections = Array.from({ length: CONNECTIONS }, (_, first) => connection(first));
  return {
    count,
    async stop() {
      stopping = true;
      await Promise.all(connections);
    },
  };
}

type Seen = { readonly is: 'fine' } | { readonly is: 'failed'; readonly byApp: boolean; readonly what: string };

function ask(url: string, id: number, agent: Agent): Promise<Seen> {
  return new Promise((resolve) => {
    const failed = (what: string) =>
      resolve({ is: 'failed', byApp: false, what: `${new Date().toISOString()} ${what}` });
    const outgoing = request(url, { agent, headers: { cookie: `spillway_visitor=user-${id}` }, timeout: TIMEOUT_MS });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', (error) => failed(error.message));
    outgoing.on('response', (response) => {
      const signed = response.headers['x-app'] !== undefined;
      response.on('error', (error) => failed(error.message));
      response.on('end', () => {
        if (response.statusCode === 200 && signed) resolve({ is: 'fine' });
        else if (signed) resolve({ is: 'failed', byApp: true, what: '' });
        else failed(`HTTP ${response.statusCode} not from the application`);
      });
      response.resume();
    });
    outgoing.end();
  });
}
