import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip } from '../accepts-gzip.ts';
import { alreadyHas } from '../preconditions.ts';

/** An environment's definitions as they are served; one object for as long as they do not change. */
export interface Definitions {
  readonly text: string;
  readonly etag: string;
}

export interface DefinitionsAnswer {
  readonly status: 200 | 304;
  readonly etag: string;
  readonly encoding: 'gzip' | undefined;
  readonly body: Buffer | undefined;
}

/** Of answers with definitions, beside what every answer carries. */
export const DEFINITIONS_HEADERS = { 'cache-control': 'no-cache', vary: 'Accept-Encoding' } as const;

/** Smaller ones fit into a packet as they are. */
const COMPRESSED_FROM_BYTES = 1_024;
/** Larger ones are rare, made of lists that compress badly, and would be held in memory several times. */
const PREPARED_MAX_BYTES = 8_388_608;

interface Prepared {
  readonly plain: Buffer;
  compressed: Promise<Buffer> | undefined;
}

const compress = promisify(gzip);
const prepared = new WeakMap<Definitions, Prepared>();

/** The bytes are made once for each change, however many ask for them: by far the most who ask get the same. */
export async function answerDefinitions(
  definitions: Definitions,
  headers: Pick<IncomingHttpHeaders, 'if-none-match' | 'accept-encoding'>,
): Promise<DefinitionsAnswer> {
  const etag = definitions.etag.startsWith('"') ? definitions.etag : `"${definitions.etag}"`;
  if (alreadyHas(headers, etag)) return { status: 304, etag, encoding: undefined, body: undefined };
  const { plain, compressed } = prepare(definitions, acceptsGzip(headers));
  if (compressed === undefined) return { status: 200, etag, encoding: undefined, body: plain };
  // Other bytes than the plain ones, so the strong name is theirs alone.
  return { status: 200, etag: `W/${etag}`, encoding: 'gzip', body: await compressed };
}

function prepare(definitions: Definitions, isCompressed: boolean): Prepared {
  const known = prepared.get(definitions);
  const made: Prepared = known ?? { plain: Buffer.from(definitions.text), compressed: undefined };
  const { length } = made.plain;
  if (length > PREPARED_MAX_BYTES) return made;
  prepared.set(definitions, made);
  if (!isCompressed || length < COMPRESSED_FROM_BYTES) return { plain: made.plain, compressed: undefined };
  made.compressed ??= compress(made.plain);
  return made;
}
