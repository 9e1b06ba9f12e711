import { Link } from 'wouter';
import type { RolloutDocument } from '../../documents.ts';
import { Ago } from '../../ui/ago.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Glyph } from '../../ui/glyph.tsx';
import { Mono } from '../../ui/page.tsx';
import { SplitBar } from './split-bar.tsx';
import { awaited, currentStage, isLive, progressWords, STATUS, wantedPercentage } from './state.ts';

/** A rollout in one line: what, how far, how it goes. */
export function RolloutStrip({ rollout }: { rollout: RolloutDocument }) {
  const stage = currentStage(rollout);
  const status = STATUS[rollout.status];
  const live = isLive(rollout.status);
  const waiting = awaited(rollout);
  const wanted = stage === undefined ? 0 : wantedPercentage(stage);
  return (
    <Link
      href={`/rollouts/${encodeURIComponent(rollout.key)}`}
      className="block rounded-lg border border-line bg-raised px-4 py-3 hover:border-field"
    >
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Mono className="font-semibold">{rollout.key}</Mono>
        <Badge tone={status.tone} glyph={status.glyph}>
          {status.word}
        </Badge>
        <span className="text-muted">
          {stage === undefined
            ? null
            : stage.state.baseline === undefined
              ? `${stage.plan.service}: first version, ${stage.plan.version.name},`
              : `${stage.plan.service}: ${stage.state.baseline} to ${stage.plan.version.name}`}{' '}
          in {rollout.plan.environment}
        </span>
        <span className="flex-1" />
        <span className="text-muted text-xs">
          {live ? 'started ' : 'ended '}
          <Ago at={live ? rollout.started_at_ms : (rollout.ended_at_ms ?? rollout.started_at_ms)} />
        </span>
      </span>
      {live && stage !== undefined ? (
        <span className="mt-2 block">
          <SplitBar
            canary={wanted}
            canaryName={stage.plan.version.name}
            stableName={stage.state.baseline ?? 'stable'}
            label="Wanted traffic"
          />
          <span className="mt-1 block text-muted text-xs">
            {rollout.plan.stages.length > 1 ? `${stage.plan.key}: ` : ''}
            {progressWords(stage)}
            {waiting === undefined ? null : (
              <span className="text-warn">
                {' '}
                · <Glyph sign="⚠" /> {waiting}
              </span>
            )}
          </span>
        </span>
      ) : rollout.conclusion === undefined ? null : (
        <span className="mt-1 block break-words text-muted">{rollout.conclusion}</span>
      )}
    </Link>
  );
}
