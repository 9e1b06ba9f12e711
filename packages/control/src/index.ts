export { actorOf, SYSTEM_ACTOR } from './access/actor.ts';
export type * from './control.ts';
export { converge } from './convergence/converge.ts';
export { type ControlDeps, createControl } from './create-control.ts';
export type { ClientEvent, ClientValue, ClientValues } from './evaluation/client-value.ts';
export type * from './ports/index.ts';
export { type DriveDeps, type DriveMemory, drive, newDriveMemory } from './rollouts/drive.ts';
export { createRolloutUseCases } from './rollouts/rollouts.ts';
