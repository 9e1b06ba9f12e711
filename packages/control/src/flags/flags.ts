import { forAdmins } from '../access/for-admins.ts';
import { createFlagLeaving, type FlagLeavingDeps } from './leaving.ts';
import { createFlagPast, type FlagPastDeps } from './past.ts';
import { createFlagPreview, type PreviewDeps } from './preview.ts';
import { createFlagReading, type FlagReadingDeps } from './reading.ts';
import type { FlagUseCases } from './use-cases.ts';
import { createFlagWriting, type FlagWritingDeps } from './writing.ts';

export type FlagDeps = FlagReadingDeps & FlagWritingDeps & FlagLeavingDeps & FlagPastDeps & PreviewDeps;

export function createFlagUseCases(deps: FlagDeps): FlagUseCases {
  return forAdmins<FlagUseCases>({
    ...createFlagReading(deps),
    ...createFlagWriting(deps),
    ...createFlagLeaving(deps),
    ...createFlagPast(deps),
    preview: createFlagPreview(deps),
  });
}
