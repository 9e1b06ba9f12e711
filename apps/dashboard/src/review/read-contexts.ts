import type { Json } from '@spillway/evaluator';
import { type Parsed, parseJson } from '../conditions/values.ts';

export type Context = Readonly<Record<string, Json>>;

/** As many as the server takes with one question. */
export const MAX_CONTEXTS = 1_000;

/** What people paste: one context, a list of them, or one a line. A problem says which line or place it is about. */
export function readContexts(text: string): Parsed<readonly Context[]> {
  if (text.trim() === '') return { ok: true, value: [] };
  const whole = parseJson(text);
  if (whole.ok) return checked(Array.isArray(whole.value) ? whole.value : [whole.value], 'context');
  const lines = text.split('\n');
  const found: Json[] = [];
  // A text that begins like a list, or an object over several lines, is one document with a mistake in it.
  if (!/^\s*\{.*\}\s*$/.test(lines.find((line) => line.trim() !== '') ?? '')) return whole;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = parseJson(line);
    if (!parsed.ok) return { ok: false, problem: `line ${index + 1} ${parsed.problem}` };
    found.push(parsed.value);
  }
  return checked(found, 'line');
}

function checked(values: readonly Json[], place: string): Parsed<readonly Context[]> {
  const wrong = values.findIndex((value) => typeof value !== 'object' || value === null || Array.isArray(value));
  if (wrong !== -1) {
    return { ok: false, problem: `${place} ${wrong + 1} is no object such as {"targetingKey": "user-1"}` };
  }
  if (values.length > MAX_CONTEXTS) {
    return {
      ok: false,
      problem: `holds ${values.length.toLocaleString('en')} contexts; at most 1,000 are tried at once`,
    };
  }
  return { ok: true, value: values as readonly Context[] };
}

/** With one more, on a line of its own. */
export function withContext(text: string, context: Context): string {
  const read = readContexts(text);
  const before = read.ok ? read.value : [];
  return [...before, context].map((each) => JSON.stringify(each)).join('\n');
}
