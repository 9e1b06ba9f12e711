import { MAX_SEGMENTS, refuse, type Segment } from '@spillway/core';

export function segmentExists({ key }: Segment) {
  return refuse('exists', `There is a segment ${key} already. Change that one, or choose another key.`, {
    fields: [{ field: '/key', message: 'is taken' }],
  });
}

export function refuseOtherKey(key: string) {
  return refuse('invalid', `A segment cannot be renamed: flags name it as ${key}. Leave the key as it is.`, {
    fields: [{ field: '/key', message: `must be ${key}, as in the address` }],
  });
}

export function tooManySegments() {
  return refuse('conflict', `There are ${MAX_SEGMENTS} segments already; no more are allowed. Delete some first.`);
}
