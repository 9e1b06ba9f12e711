/** `2026-12-01 09:30 UTC`: the same for everyone who reads it. */
export function utcTime(atMs: number): string {
  const [day, clock = ''] = new Date(atMs).toISOString().split('T');
  return `${day} ${clock.replace(/(?::00)?(?:\.000)?Z$/, '')} UTC`;
}
