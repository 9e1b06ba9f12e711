/** The one-time code in a sign-in link's fragment, e.g. `…/sign-in#code=abc`; fragments are never sent to a server. */
export function codeIn(link: string): string | undefined {
  const hash = link.indexOf('#');
  if (hash === -1) return undefined;
  const code = new URLSearchParams(link.slice(hash + 1)).get('code');
  return code === null || code === '' ? undefined : code;
}

/** Where to go after signing in: only ever a path of this site. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/';
}
