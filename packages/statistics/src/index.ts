export * from './cardinality/estimate.ts';
export * from './cardinality/registers.ts';
export * from './cardinality/sketch-text.ts';
export * from './histogram/buckets.ts';
export * from './histogram/histogram.ts';
export * from './intervals/wilson.ts';
export * from './sequential/error-rates.ts';
