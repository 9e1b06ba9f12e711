import { request as sendRequest } from 'node:http';
import type { Prepared } from '../api/flags.ts';
import type { Target } from '../gateway/comparison.ts';

export type Name = 'single' | 'bulk' | 'definitions' | 'compressed';

export interface Question {
  readonly name: Name;
  readonly is: string;
  readonly request: NonNullable<Target['request']>;
}

/** What applications ask a relay. */
export function questionsOf({ sdkKey, flag, context }: Prepared): readonly Question[] {
  const authorization = `Authorization: Bearer ${sdkKey}`;
  const headers = [authorization, 'Content-Type: application/json'];
  const body = JSON.stringify({ context });
  const path = '/ofrep/v1/evaluate/flags';
  const definitions = '/api/v1/sdk/snapshot';
  return [
    { name: 'single', is: 'OFREP, one flag', request: { path: `${path}/${flag}`, headers, body } },
    { name: 'bulk', is: 'OFREP, all flags', request: { path, headers, body } },
    { name: 'definitions', is: 'definitions', request: { path: definitions, headers: [authorization] } },
    {
      name: 'compressed',
      is: 'definitions, compressed as SDKs take them',
      request: { path: definitions, headers: [authorization, 'Accept-Encoding: gzip, deflate'] },
    },
  ];
}

/** The bytes with which such a question is answered, as they go over the wire, and how they are encoded. */
export async function answerTo(
  url: string,
  { request: { path = '/', headers = [], body } }: Question,
): Promise<{ readonly bytes: Buffer; readonly encoding: string | undefined }> {
  return new Promise((resolve, reject) => {
    const pairs = headers.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
    const sent = sendRequest(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: Object.fromEntries(pairs),
    });
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`));
        resolve({ bytes: Buffer.concat(chunks), encoding: response.headers['content-encoding'] });
      });
    });
    sent.end(body);
  });
}
