import { request } from 'node:http';

const BODY_MAX = 65_536;

export type ProbeOutcome =
  | { readonly is: 'healthy' }
  | { readonly is: 'failed'; readonly problem: string }
  /** Nothing listens: what an instance that has just been started looks like. */
  | { readonly is: 'silent'; readonly problem: string };

/** One health check. Healthy is a 2xx answer, whole within the time. Never rejects. */
export function probe(port: number, path: string, timeoutMs: number, signal: AbortSignal): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    const failed = (problem: string) => resolve({ is: 'failed', problem });
    const check = request({
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      headers: { 'user-agent': 'spillway-health', connection: 'close' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    check.once('error', (error: Error & { readonly code?: string }) => {
      if (error.code === 'ECONNREFUSED') resolve({ is: 'silent', problem: `nothing listens on port ${port}` });
      else if (error.name === 'TimeoutError' || error.name === 'AbortError') failed(`no answer within ${timeoutMs} ms`);
      else failed(error.message);
    });
    check.once('response', (response) => {
      const status = response.statusCode ?? 0;
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > BODY_MAX) check.destroy(new Error(`the answer is longer than ${BODY_MAX} bytes`));
      });
      response.once('error', (error) => failed(error.message));
      response.once('end', () => {
        if (status >= 200 && status < 300) resolve({ is: 'healthy' });
        else failed(`it answered ${status} instead of 2xx`);
      });
    });
    check.end();
  });
}
