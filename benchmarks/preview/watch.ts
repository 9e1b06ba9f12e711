import { Agent, request } from 'node:http';

export interface Watch {
  /** Of the answers since it began, the longest. */
  end(): Promise<{ readonly longest_ms: number; readonly answers: number }>;
}

/** Asks the server for its health over and over: an answer that takes long came while nobody else got a turn. */
export function watchHealth(url: string): Watch {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let going = true;
  let longest_ms = 0;
  let answers = 0;
  const asking = (async () => {
    while (going) {
      const started = performance.now();
      await ask(`${url}/healthz`, agent);
      longest_ms = Math.max(longest_ms, performance.now() - started);
      answers += 1;
    }
  })();
  return {
    async end() {
      going = false;
      await asking;
      agent.destroy();
      return { longest_ms, answers };
    },
  };
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    asked.on('error', reject);
    asked.end();
  });
}
