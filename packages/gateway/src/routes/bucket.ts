import { createHash } from 'node:crypto';
import { FULL_SHARE } from './route.ts';

/** Where on the line from 0 to 99,999 a user stands for this seed. */
export function bucketOfUser(key: string, seed: string): number {
  return createHash('sha256').update(`${seed}\0${key}`).digest().readUInt32BE(0) % FULL_SHARE;
}
