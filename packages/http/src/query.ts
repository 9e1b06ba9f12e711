import { RequestRefused } from './problem.ts';

/**
 * The query as plain texts. Strict: a parameter given twice or an encoding that is no UTF-8 is refused, where lenient
 * readers would each pick something else.
 */
export function readQuery(url: string): Readonly<Record<string, string>> {
  const start = url.indexOf('?');
  const values = new Map<string, string>();
  if (start === -1) return {};
  for (const pair of url.slice(start + 1).split('&')) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decode(cut === -1 ? pair : pair.slice(0, cut), pair);
    if (values.has(name)) throw refused(name, 'appears twice; keep one of them');
    if (name === '__proto__') throw refused(name, 'is not allowed as a parameter');
    values.set(name, cut === -1 ? '' : decode(pair.slice(cut + 1), name));
  }
  return Object.fromEntries(values);
}

function decode(text: string, name: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refused(name, 'is not percent-encoded UTF-8');
  }
}

function refused(name: string, message: string): RequestRefused {
  return new RequestRefused('malformed', `\`?${name}\` ${message}.`, { fields: [{ field: `?${name}`, message }] });
}
