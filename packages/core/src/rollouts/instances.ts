import type { VersionSpec } from '../services/service.ts';
import { askFor, because, isPending, type StageMove, type StageView, vitality } from './stage-view.ts';

/** A version that nobody wants any more is asked to run again at most this often. */
export const RUN_AGAIN_INTERVAL_MS = 1_000;

/** The platform does not want a version that this stage needs: it is asked for again. */
export function keepRunning(view: StageView, version: VersionSpec): StageMove | undefined {
  if (vitality(view.seen, version.name) !== 'absent' || isPending(view, 'run_version')) return undefined;
  if (view.now - (view.state.ran_at_ms ?? Number.NEGATIVE_INFINITY) < RUN_AGAIN_INTERVAL_MS) return undefined;
  const { state, effect } = askFor(view, view.state, { kind: 'run_version', version });
  const summary = `No instance of ${version.name} is wanted on the platform although it is needed; started again.`;
  return { state, effects: [effect], because: because(view, 'version_started', summary) };
}
