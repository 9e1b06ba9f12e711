import type { ServiceStatus } from '../../documents.ts';
import { Badge } from '../../ui/badge.tsx';
import { Glyph, type Sign } from '../../ui/glyph.tsx';
import { Card } from '../../ui/page.tsx';
import { SplitBar } from './split-bar.tsx';
import { percentageOf, type Stage, wantedPercentage } from './state.ts';

/** The router's shares as reported may differ by rounding; more than this is a difference worth a word. */
const CLOSE = 0.6;

/** Who should get the new version, and who does. */
export function TrafficSplit({
  stage,
  status,
  live,
}: {
  stage: Stage;
  status: ServiceStatus | undefined;
  live: boolean;
}) {
  const canary = stage.plan.version.name;
  // A first version had none before it; once it is live it is not its own rival.
  const stable = stage.state.baseline ?? (status?.live === canary ? undefined : status?.live);
  const wantedShare = status?.desired_shares?.[canary];
  const wanted = wantedShare === undefined ? wantedPercentage(stage) : percentageOf(wantedShare);
  const shares = status?.actual_shares ?? undefined;
  const actual = shares === undefined ? undefined : percentageOf(shares[canary] ?? 0);
  const measured = measuredPercentage(status, canary);
  const differs = actual !== undefined && Math.abs(actual - wanted) > CLOSE;
  return (
    <Card className="px-4 py-3">
      <div className="mb-3 flex items-center gap-3">
        <h2 className="flex-1 font-semibold">Traffic</h2>
        {actual === undefined ? (
          live && status !== undefined ? (
            <Badge tone="warn" glyph="⚠">
              Router not answering
            </Badge>
          ) : null
        ) : differs ? (
          <Badge tone="warn" glyph="↻">
            Moving
          </Badge>
        ) : (
          <Badge tone="ok" glyph="✔">
            As wanted
          </Badge>
        )}
      </div>
      <dl className="mb-3 grid grid-cols-2 gap-3">
        <Side glyph="▲" tone="text-warn" part="canary" version={canary} percentage={actual ?? wanted} />
        {stable === undefined ? null : (
          <Side glyph="●" tone="text-ok" part="stable" version={stable} percentage={100 - (actual ?? wanted)} right />
        )}
      </dl>
      <div className="space-y-2">
        <Row label="Wanted" percentage={wanted} canary={canary} stable={stable ?? 'stable'} />
        <Row label="Routed" percentage={actual} canary={canary} stable={stable ?? 'stable'} />
        <Row label="Measured" percentage={measured} canary={canary} stable={stable ?? 'stable'} />
      </div>
    </Card>
  );
}

function Side({
  glyph,
  tone,
  part,
  version,
  percentage,
  right = false,
}: {
  glyph: Sign;
  tone: string;
  part: 'canary' | 'stable';
  version: string;
  percentage: number;
  right?: boolean;
}) {
  return (
    <div className={right ? 'min-w-0 text-right' : 'min-w-0'}>
      <dt className="truncate">
        <Glyph sign={glyph} className={tone} /> <span className="font-medium font-mono">{version}</span>{' '}
        <span className="text-muted">{part}</span>
      </dt>
      <dd className="numbers font-semibold text-[28px]/9 tracking-tight">
        {Number(percentage.toFixed(1))}
        <span className="font-normal text-lg text-muted"> %</span>
      </dd>
    </div>
  );
}

function Row({
  label,
  percentage,
  canary,
  stable,
}: {
  label: string;
  percentage: number | undefined;
  canary: string;
  stable: string;
}) {
  return (
    <div className="flex items-center gap-3">
      <span className="w-16 shrink-0 text-muted text-xs">{label}</span>
      {percentage === undefined ? (
        <span className="flex-1 text-muted text-xs">not known</span>
      ) : (
        <>
          <SplitBar thick canary={percentage} canaryName={canary} stableName={stable} label={label} />
          <span className="numbers w-14 shrink-0 text-right text-xs">{Number(percentage.toFixed(1))} %</span>
        </>
      )}
    </div>
  );
}

const MEASURED_OVER_MS = 10_000;

/** The share of the last ten seconds' requests that the new version answered. */
function measuredPercentage(status: ServiceStatus | undefined, canary: string): number | undefined {
  const newest = status?.series.at(-1)?.at_ms;
  if (status === undefined || newest === undefined) return undefined;
  const recent = status.series.filter((point) => newest - point.at_ms < MEASURED_OVER_MS);
  const all = recent.reduce((sum, point) => sum + point.requests, 0);
  const mine = recent.reduce((sum, point) => sum + (point.version === canary ? point.requests : 0), 0);
  return all === 0 ? undefined : (mine / all) * 100;
}
