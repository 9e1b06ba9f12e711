export type { Answer, FlagClient, Json, Status, Widened } from './flag-client.ts';
export { useFlag, useFlagDetails, useStatus } from './hooks.ts';
export { SpillwayProvider } from './provider.ts';
