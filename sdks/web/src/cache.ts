import type { BrowserPlatform } from './platform.ts';
import type { Context, Json, Values } from './values.ts';

/** Where the last values are kept, for the next visit. One user's at a time: the next user's replace them. */
export interface Cache {
  /** Undefined when there are none for this user, or none that can be read. */
  read(context: Context): unknown;
  write(context: Context, values: Values): void;
}

export function createCache(platform: BrowserPlatform, { url, clientKey }: { url: string; clientKey: string }): Cache {
  const place = `spillway:${fingerprint(`${url} ${clientKey}`)}`;
  return {
    read(context) {
      try {
        const kept = JSON.parse(platform.pageStorage?.getItem(place) ?? 'null') as {
          of?: unknown;
          values?: unknown;
        } | null;
        return kept?.of === whose(context) ? kept.values : undefined;
      } catch {
        return undefined;
      }
    },
    write(context, values) {
      try {
        platform.pageStorage?.setItem(place, JSON.stringify({ of: whose(context), values }));
      } catch {
        // Full, or forbidden by the browser: the next visit starts without.
      }
    },
  };
}

/** A signature is a new one on every visit, and the user may be the same. */
const whose = (context: Context) => fingerprint(canonical({ ...context, signed_context: 0 }));

/** The same text for the same context, in whatever order it was written. */
export function canonical(value: Json | Context): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const record = value as Context;
  return `{${Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(record[key] ?? null)}`)
    .join()}}`;
}

/** Two multiplicative hashes of 32 bits: tells users of one browser apart without keeping who they are. */
function fingerprint(text: string): string {
  let one = 0xdeadbeef;
  let two = 0x41c6ce57;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    one = Math.imul(one ^ code, 0x9e3779b1);
    two = Math.imul(two ^ code, 0x5f356495);
  }
  one ^= two >>> 15;
  two ^= one >>> 13;
  return (one >>> 0).toString(36) + (two >>> 0).toString(36);
}
