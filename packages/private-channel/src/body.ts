import type { IncomingMessage } from 'node:http';
import { type Answer, refusal } from './answer.ts';

/** In bytes. */
export const BODY_MAX = 1_048_576;

export type Body =
  | { readonly is: 'read'; readonly value: unknown }
  | { readonly is: 'refused'; readonly answer: Answer };

export async function readJson(request: IncomingMessage): Promise<Body> {
  const text = await readText(request);
  if (text === undefined) return refused(413, 'too_large', `A body has at most ${BODY_MAX} bytes.`);
  try {
    return { is: 'read', value: JSON.parse(text) };
  } catch {
    return refused(400, 'invalid', 'The body is not JSON.');
  }
}

/** Undefined when it is too long: the rest is then let go by unread, so that the sender can still be told. */
async function readText(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > BODY_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refused(status: number, code: string, message: string): Body {
  return { is: 'refused', answer: refusal(status, code, undefined, message) };
}
