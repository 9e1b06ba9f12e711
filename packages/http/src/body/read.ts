import { isUtf8 } from 'node:buffer';
import type { BodyLimits } from '@spillway/contract';
import { createPace, takeSteps } from '@spillway/control';
import { RequestRefused } from '../problem.ts';
import { TURNS } from '../turns.ts';
import { MAX_CONTAINERS, MAX_VALUES, type Numbers, type Scan, scanJson, scanningJson } from './scan.ts';

/** No request of this API needs more, but those that say so. */
export const MAX_BODY_BYTES = 1_048_576;

const USUAL_BODY: BodyLimits = { bytes: MAX_BODY_BYTES, values: MAX_VALUES, containers: MAX_CONTAINERS };

/** How `errors[].field` names the body where no part of it can be named. */
export const WHOLE_BODY = 'body';

const BYTE_ORDER_MARK = '\uFEFF';

/** Strictly read JSON; undefined for an empty body. Throws `RequestRefused` naming the place. */
export function readJson(bytes: Uint8Array, numbers: Numbers = 'nearest'): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  refuseUnsound(scanJson(text, USUAL_BODY, numbers));
  return JSON.parse(text);
}

/** The same of a body that may be large: whatever else there is to do gets its turn meanwhile. */
export async function readLargeJson(bytes: Uint8Array, limits: BodyLimits, numbers: Numbers): Promise<unknown> {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  const pace = createPace(TURNS);
  refuseUnsound(await takeSteps(pace, scanningJson(text, limits, numbers)));
  await pace();
  return JSON.parse(text);
}

function refuseUnsound(scan: Scan): void {
  if (scan.is === 'broken') {
    const where = `line ${scan.line}, column ${scan.column}`;
    throw new RequestRefused('malformed', `The body is not JSON: at ${where}, ${scan.message}.`, {
      fields: [{ field: WHOLE_BODY, message: `at ${where}: ${scan.message}` }],
      details: { line: scan.line, column: scan.column },
    });
  }
  if (scan.is === 'refused') {
    const { field, message } = scan.problem;
    const named = { field: field === '' ? WHOLE_BODY : field, message };
    throw new RequestRefused('malformed', `\`${named.field}\` ${message}.`, { fields: [named] });
  }
}

/** As a strict `TextDecoder` would, a byte-order mark left out, at a tenth of its price for small bodies. */
function decode(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) {
    throw new RequestRefused('malformed', 'The body is not valid UTF-8; JSON travels as UTF-8 only.', {
      fields: [{ field: WHOLE_BODY, message: 'is not valid UTF-8' }],
    });
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}
