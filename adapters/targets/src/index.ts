export { memoryTarget } from './memory/memory-target.ts';
export type { AdminAddress } from './process/admin/address.ts';
export { SupervisorRefusal, SupervisorUnreachable } from './process/admin/client.ts';
export { type ProcessTargetOptions, processTarget } from './process/process-target.ts';
export { type Supervisor, type SupervisorOptions, startSupervisor } from './process/supervisor.ts';
