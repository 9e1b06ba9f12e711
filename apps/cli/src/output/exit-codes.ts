/** What scripts branch on; documented in docs/reference/cli.md and stable. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  notFound: 3,
  denied: 4,
  invalid: 5,
  conflict: 6,
  rolloutFailed: 8,
  timeout: 9,
  network: 10,
  interrupted: 130,
} as const;

const BY_CODE: Readonly<Record<string, number>> = {
  not_found: EXIT.notFound,
  unauthenticated: EXIT.denied,
  forbidden: EXIT.denied,
  malformed: EXIT.invalid,
  invalid: EXIT.invalid,
  too_large: EXIT.invalid,
  exists: EXIT.conflict,
  stale: EXIT.conflict,
  conflict: EXIT.conflict,
  in_use: EXIT.conflict,
  timeout: EXIT.timeout,
  network: EXIT.network,
  unavailable: EXIT.network,
};

export function exitCodeOf(code: string): number {
  return BY_CODE[code] ?? EXIT.unexpected;
}
