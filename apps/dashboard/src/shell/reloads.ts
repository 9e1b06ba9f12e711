const LAST_RELOAD = 'spillway.reloaded-at';
/** A document that was loaded anew and still lacks its script is not helped by a third time. */
const AGAIN_AFTER_MS = 15_000;

/** What each browser says when a script, or the styles that come with it, did not arrive. */
const UNFETCHED = /dynamically imported module|module script|unable to preload css/i;

export function isUnfetched({ message }: Error): boolean {
  return UNFETCHED.test(message);
}

/** Whether the document may load itself anew, which it then remembers beyond the reload; never twice in a short time. */
export function mayReload(memory: Pick<Storage, 'getItem' | 'setItem'>, now: number): boolean {
  const last = Number(memory.getItem(LAST_RELOAD) ?? Number.NEGATIVE_INFINITY);
  if (now - last < AGAIN_AFTER_MS) return false;
  memory.setItem(LAST_RELOAD, String(now));
  return true;
}
