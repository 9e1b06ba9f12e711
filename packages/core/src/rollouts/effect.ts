import type { VersionSpec } from '../services/service.ts';

/**
 * What a decision wants done to the world. Recorded with the decision, performed at least once, idempotent.
 * The id is made from rollout, generation, stage and step, so doing one again is harmless.
 */
export type Effect =
  | { readonly id: string; readonly kind: 'run_version'; readonly service: string; readonly version: VersionSpec }
  | { readonly id: string; readonly kind: 'stop_version'; readonly service: string; readonly version: string }
  | {
      readonly id: string;
      readonly kind: 'shift_traffic';
      readonly service: string;
      /** Shares out of 100,000 per version; they sum to 100,000. */
      readonly shares: Readonly<Record<string, number>>;
      /** Mixed into the sticky hash, the same for all steps of a stage, so that users only ever join. */
      readonly seed: string;
    };
