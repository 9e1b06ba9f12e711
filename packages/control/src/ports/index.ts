export type * from './clock.ts';
export type * from './digest.ts';
export type * from './metrics.ts';
export type * from './random.ts';
export type * from './router.ts';
export type * from './store.ts';
export type * from './target.ts';
