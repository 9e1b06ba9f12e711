import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { WHOLE_BODY } from '../body/read.ts';
import { RequestRefused } from '../problem.ts';

/** Of one upload; a million rows of 250 bytes. */
export const MAX_UPLOAD_BYTES = 256 * 1_024 * 1_024;
/** Uploads that are read at once; each holds some memory until it is stored. */
export const MAX_UPLOADS = 4;

/** A body that is read while it arrives, so that its size does not matter to memory. */
export class Upload {
  readonly type: string;
  readonly #source: IncomingMessage;

  constructor(type: string, source: IncomingMessage) {
    this.type = type;
    this.#source = source;
  }

  /** The text in pieces as they arrive. Refuses what is too large or not UTF-8. */
  async *text(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let bytes = 0;
    for await (const buffer of this.#pieces()) {
      bytes += buffer.length;
      if (bytes > MAX_UPLOAD_BYTES) throw tooLarge();
      yield decode(() => decoder.decode(buffer, { stream: true }));
    }
    yield decode(() => decoder.decode());
  }

  async *#pieces(): AsyncGenerator<Buffer> {
    try {
      // The connection stays open when reading stops early: the refusal is still to be sent over it.
      for await (const piece of this.#source.iterator({ destroyOnReturn: false })) yield piece;
    } catch (error) {
      // Whoever sent it has gone, which is no fault of this server.
      if (this.#source.complete) throw error;
      throw new RequestRefused('malformed', 'The connection was closed before the upload had arrived.');
    }
  }
}

/** The upload of a request to a route that takes this type; refuses types that it does not take. */
export function uploadOf(request: FastifyRequest, payload: IncomingMessage, types: readonly string[]): Upload {
  const header = request.headers['content-type'] ?? '';
  const [type = ''] = header.split(';', 1).map((part) => part.trim().toLowerCase());
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const utf8 = !/charset=(?!"?utf-8"?\s*(?:;|$))/i.test(header);
  if (!types.includes(type) || encoding !== 'identity' || !utf8) throw unsupportedUpload(types);
  if (Number(request.headers['content-length']) > MAX_UPLOAD_BYTES) throw tooLarge();
  return new Upload(type, payload);
}

export function unsupportedUpload(types: readonly string[]): RequestRefused {
  const known = types.join(' or ');
  return new RequestRefused(
    'unsupported_media_type',
    `Send the body as \`Content-Type: ${known}\`, in UTF-8 and not compressed.`,
    { fields: [{ field: 'Content-Type', message: `must be ${known}` }], headers: { accept: types.join(', ') } },
  );
}

function decode(text: () => string): string {
  try {
    return text();
  } catch {
    throw new RequestRefused('malformed', 'The body is not valid UTF-8. Nothing was changed.', {
      fields: [{ field: WHOLE_BODY, message: 'is not valid UTF-8' }],
    });
  }
}

function tooLarge(): RequestRefused {
  return new RequestRefused('too_large', `An upload has at most ${MAX_UPLOAD_BYTES} bytes. Nothing was changed.`, {
    fields: [{ field: WHOLE_BODY, message: `must be at most ${MAX_UPLOAD_BYTES} bytes` }],
    details: { max_bytes: MAX_UPLOAD_BYTES },
  });
}
