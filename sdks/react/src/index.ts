'use client';

export type { Answer, FlagClient, Json, Status, Widened } from './flag-client.ts';
export { useFlag, useFlagDetails, useFlags, useStatus, useTrack } from './hooks.ts';
export { SpillwayProvider } from './provider.ts';
export { useSuspenseFlag } from './suspense.ts';
