export * from './histogram/buckets.ts';
export * from './histogram/histogram.ts';
