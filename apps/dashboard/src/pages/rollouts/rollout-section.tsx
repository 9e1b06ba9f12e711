import type { RolloutDocument } from '../../documents.ts';
import { Section } from '../../ui/page.tsx';
import { RolloutStrip } from './rollout-strip.tsx';

/** Nothing at all where there is no rollout to list. */
export function RolloutSection({ title, rollouts }: { title: string; rollouts: readonly RolloutDocument[] }) {
  if (rollouts.length === 0) return null;
  return (
    <Section title={title}>
      <div className="space-y-2">
        {rollouts.map((rollout) => (
          <RolloutStrip key={rollout.key} rollout={rollout} />
        ))}
      </div>
    </Section>
  );
}
