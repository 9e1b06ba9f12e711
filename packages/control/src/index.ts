export type * from './control.ts';
export type * from './ports/index.ts';
