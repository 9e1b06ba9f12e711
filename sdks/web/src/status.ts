/** Where the values in use came from. */
export type Source = 'none' | 'bootstrap' | 'cache' | 'server';

/**
 * - `starting`: no word from the server yet about this user;
 * - `ready`: following the server;
 * - `stale`: the server is away or the page hidden; the last good values serve on;
 * - `failed`: the server refuses the key or the page's origin; the last good values serve on, and a retry comes every minute;
 * - `closed`: stopped by the application; still answers.
 */
export interface Status {
  readonly is: 'starting' | 'ready' | 'stale' | 'failed' | 'closed';
  /** The configuration that the values follow from; 0 while there are none, and every answer is the code's default. */
  readonly configuration: number;
  readonly source: Source;
  readonly problem?: string;
}
