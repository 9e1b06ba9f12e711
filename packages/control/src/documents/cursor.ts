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
  return foreignCursor();
}

/** The same in lists of the log, whose positions are numbers of entries. */
export function decodePosition(list: string, cursor: string | undefined): Outcome<number | undefined> {
  const text = decodeCursor(list, cursor);
  if (!text.ok || text.value === undefined) return text.ok ? accept(undefined) : text;
  const position = Number(text.value);
  return Number.isSafeInteger(position) && position > 0 ? accept(position) : foreignCursor();
}

/** One that was not made for the list it is shown to. */
export function foreignCursor(): Outcome<never> {
  return refuse('invalid', 'This cursor does not belong to this list. Start again without a cursor.', {
    fields: [{ field: '/cursor', message: 'must be the `next` of the page before' }],
  });
}
