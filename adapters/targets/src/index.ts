export { memoryTarget } from './memory/memory-target.ts';
export { type ProcessTargetOptions, processTarget } from './process/process-target.ts';
export { type Supervisor, type SupervisorOptions, startSupervisor } from './process/supervisor.ts';
