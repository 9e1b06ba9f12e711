import type { Source } from './holder.ts';

/**
 * - `starting`: no word from the server yet;
 * - `ready`: following the server;
 * - `stale`: the server is away; the last good configuration serves on;
 * - `failed`: the server refuses the key; the last good configuration serves on, and a retry comes every minute;
 * - `closed`: stopped by the application; still answers.
 */
export interface Status {
  readonly is: 'starting' | 'ready' | 'stale' | 'failed' | 'closed';
  /** The configuration that answers; 0 while there is none, and every answer is the code's default. */
  readonly configuration: number;
  readonly source: Source;
  readonly problem?: string;
  /** How many answers the server was not told of; absent while it knows all. */
  readonly uncounted?: number;
  /** Events that the server does not know of and will not; absent while there are none. */
  readonly dropped?: number;
}
