import { accept, type Outcome, refuse } from '@spillway/core';

/** Keys and numbers; stores need not understand anything else. */
const POSITION = /^[\x21-\x7e]+$/;
const HEX = /^(?:[0-9a-f]{2})+$/;

/** Where a list goes on, opaque to callers. `list` keeps a cursor of one list from being used in another. */
export function encodeCursor(list: string, position: string): string {
  return [...`${list}:${position}`].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

export function decodeCursor(list: string, cursor: string | undefined): Outcome<string | undefined> {
  if (cursor === undefined) return accept(undefined);
  const text = HEX.test(cursor)
    ? (cursor.match(/../g) ?? []).map((code) => String.fromCharCode(Number.parseInt(code, 16))).join('')
    : '';
  if (text.startsWith(`${list}:`) && POSITION.test(text)) return accept(text.slice(list.length + 1));
  return refuse('invalid', 'This cursor does not belong to this list. Start again without a cursor.', {
    fields: [{ field: '/cursor', message: 'must be the `next` of the page before' }],
  });
}
