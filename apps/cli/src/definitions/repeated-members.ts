import type { Json } from '@spillway/evaluator';

/**
 * Whether some object in the JSON text says a member twice, of which the parsed value has one. They are counted instead
 * of compared: outside of texts, every member of an object has one colon.
 */
export function hasRepeatedMembers(text: string, value: Json): boolean {
  const withoutTexts = text.replace(/"(?:[^"\\]|\\.)*"/g, '');
  let colons = 0;
  for (let at = withoutTexts.indexOf(':'); at !== -1; at = withoutTexts.indexOf(':', at + 1)) colons += 1;
  return colons !== membersIn(value);
}

function membersIn(value: Json): number {
  let count = 0;
  const ahead: Json[] = [value];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const inner: readonly Json[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) count += inner.length;
    for (const one of inner) if (typeof one === 'object' && one !== null) ahead.push(one);
  }
  return count;
}
