import type { IncomingMessage } from 'node:http';
import { answerBrokenRequest } from '../broken-request.ts';
import type { Log } from '../log.ts';

/** Gives up a request whose body has not arrived in time, as the server itself does with one whose headers have not. */
export function watchBody(raw: IncomingMessage, timeoutMs: number, log: Log): void {
  if (raw.complete) return;
  const timer = setTimeout(() => {
    const late = Object.assign(new Error('The body did not arrive in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    if (!raw.complete) answerBrokenRequest(log, late, raw.socket);
  }, timeoutMs);
  timer.unref();
  raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
}
