import type { Json } from '@spillway/evaluator';
import { useState } from 'react';
import { type Parsed, parseJson } from '../../conditions/values.ts';

export type Context = Readonly<Record<string, Json>>;

const PLACE = 'spillway.playground.context';
const EXAMPLE = '{\n  "targetingKey": "user-42",\n  "email": "ana@example.com",\n  "country": "NZ"\n}';

/** The context being asked about: one for all flags and tabs, kept until the browser tab is closed. */
export function useHeldContext(): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => contextInAddress(window.location.hash) ?? held() ?? EXAMPLE);
  const set = (next: string) => {
    setText(next);
    hold(next);
  };
  return [text, set];
}

export function readContext(text: string): Parsed<Context> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ok: true, value: value as Context }
    : { ok: false, problem: 'must be an object' };
}

export function formatContext(context: unknown): string {
  return JSON.stringify(context, null, 2);
}

const FRAGMENT = '#context=';

/** In the fragment, which no server and no log ever sees. */
export function fragmentOf(context: Context): string {
  return FRAGMENT + encodeURIComponent(JSON.stringify(context));
}

export function contextInAddress(hash: string): string | undefined {
  if (!hash.startsWith(FRAGMENT)) return undefined;
  try {
    const read = readContext(decodeURIComponent(hash.slice(FRAGMENT.length)));
    return read.ok ? formatContext(read.value) : undefined;
  } catch {
    return undefined;
  }
}

function held(): string | undefined {
  try {
    return sessionStorage.getItem(PLACE) ?? undefined;
  } catch {
    return undefined;
  }
}

function hold(text: string): void {
  try {
    sessionStorage.setItem(PLACE, text);
  } catch {
    // Storage may be forbidden; then it lasts as long as the page.
  }
}
