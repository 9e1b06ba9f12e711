import type { Effect } from './effect.ts';
import type { EffectOutcome } from './observation.ts';

/** Without what is done. What failed stays: it is performed again. */
export function withoutDone(
  pending: readonly Effect[],
  outcomes: Readonly<Record<string, EffectOutcome>>,
): readonly Effect[] {
  return pending.filter((effect) => outcomes[effect.id]?.is !== 'done');
}

/** A newer effect takes the place of older ones on the same subject: they must never be performed after it. */
export function withNew(pending: readonly Effect[], added: readonly Effect[]): readonly Effect[] {
  const replaced = new Set(added.map(subject));
  return [...pending.filter((effect) => !replaced.has(subject(effect))), ...added];
}

export function withoutStage(pending: readonly Effect[], stagePlace: string): readonly Effect[] {
  return pending.filter((effect) => !effect.id.startsWith(`${stagePlace}/`));
}

/** A service has one set of shares; running and stopping one version exclude each other. */
function subject(effect: Effect): string {
  switch (effect.kind) {
    case 'shift_traffic':
      return `traffic of ${effect.service}`;
    case 'run_version':
      return `${effect.version.name} of ${effect.service}`;
    case 'stop_version':
      return `${effect.version} of ${effect.service}`;
  }
}
