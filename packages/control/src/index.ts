export { actorOf, SYSTEM_ACTOR } from './access/actor.ts';
export type * from './control.ts';
export { type ControlDeps, createControl } from './create-control.ts';
export type * from './ports/index.ts';
