import { Glyph } from '../../ui/glyph.tsx';
import 'uplot/dist/uPlot.min.css';
import './valid-language.ts';
import { useEffect, useMemo, useRef } from 'react';
import UPlot from 'uplot';
import type { SeriesPoint } from '../../documents.ts';
import { usePaintedTheme } from '../../theme/theme.ts';
import { Card } from '../../ui/page.tsx';
import { axisTop, plotData } from './series.ts';
import type { Stage } from './state.ts';

interface Plot {
  readonly title: string;
  readonly unit: string;
  readonly canary: readonly (number | null)[];
  readonly stable: readonly (number | null)[];
  readonly limit: number | undefined;
}

/** The new version against the old one, with the limits that would take it back. */
export function HealthPlots({ stage, series }: { stage: Stage; series: readonly SeriesPoint[] }) {
  const canary = stage.plan.version.name;
  const stable = stage.state.baseline;
  const { criteria } = stage.plan.strategy.analysis;
  const data = useMemo(() => plotData(series, canary, stable), [series, canary, stable]);
  const plots: readonly Plot[] = [
    {
      title: 'Errors',
      unit: '%',
      canary: data.canary.errorPercentage,
      stable: data.stable.errorPercentage,
      limit: criteria.max_error_rate * 100,
    },
    {
      title: 'Response time, p95',
      unit: 'ms',
      canary: data.canary.p95Ms,
      stable: data.stable.p95Ms,
      limit: criteria.response_time_quantile === 0.95 ? criteria.max_response_time_ms : undefined,
    },
    {
      title: 'Requests',
      unit: '/s',
      canary: data.canary.requestsPerSecond,
      stable: data.stable.requestsPerSecond,
      limit: undefined,
    },
  ];
  return (
    <Card className="px-4 py-3">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="flex-1 font-semibold">Health</h2>
        <p className="flex flex-wrap gap-x-4 text-xs">
          <span>
            <Glyph sign="▲" className="text-warn" /> <LineSample className="border-t-2 text-warn" /> {canary} canary
          </span>
          <span>
            <Glyph sign="●" className="text-ok" /> <LineSample className="border-t-2 border-dashed text-ok" />{' '}
            {stable ?? '–'} stable
          </span>
          <span>
            <LineSample className="border-t text-bad" /> limit
          </span>
        </p>
      </div>
      {data.times.length === 0 ? (
        <p className="py-8 text-center text-muted">No traffic was seen lately, so there is nothing to plot.</p>
      ) : (
        <div className="space-y-4">
          {plots.map((plot) => (
            <PlotView key={plot.title} plot={plot} times={data.times} canary={canary} stable={stable ?? 'stable'} />
          ))}
        </div>
      )}
    </Card>
  );
}

function LineSample({ className }: { className: string }) {
  return <span aria-hidden="true" className={`inline-block w-4 border-current align-middle ${className}`} />;
}

const latest = (values: readonly (number | null)[]) => values.findLast((value) => value !== null);

function shown(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return '–';
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${Number(value.toFixed(digits))} ${unit}`;
}

function PlotView({
  plot,
  times,
  canary,
  stable,
}: {
  plot: Plot;
  times: readonly number[];
  canary: string;
  stable: string;
}) {
  const now = { canary: shown(latest(plot.canary), plot.unit), stable: shown(latest(plot.stable), plot.unit) };
  const top = axisTop([plot.canary, plot.stable], plot.limit);
  const limitWords =
    plot.limit === undefined
      ? ''
      : `limit ${shown(plot.limit, plot.unit)}${plot.limit > top ? ', above the plot' : ''}`;
  return (
    <figure>
      <figcaption className="numbers mb-1 flex flex-wrap items-baseline gap-x-3 text-xs">
        <span className="flex-1 font-medium">{plot.title}</span>
        <span>
          <Glyph sign="▲" className="text-warn" /> {now.canary}
        </span>
        <span>
          <Glyph sign="●" className="text-ok" /> {now.stable}
        </span>
        {limitWords === '' ? null : <span className="text-muted">{limitWords}</span>}
      </figcaption>
      <Canvas
        plot={plot}
        times={times}
        top={top}
        label={`${plot.title}: ${canary} now ${now.canary}, ${stable} now ${now.stable}${limitWords === '' ? '' : `, ${limitWords}`}`}
      />
    </figure>
  );
}

const HEIGHT = 124;
const GUTTER = 44;

function Canvas({ plot, times, top, label }: { plot: Plot; times: readonly number[]; top: number; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<UPlot | undefined>(undefined);
  const topNow = useRef(top);
  topNow.current = top;
  const theme = usePaintedTheme();
  const data: UPlot.AlignedData = [[...times], [...plot.stable], [...plot.canary], times.map(() => plot.limit ?? null)];
  const dataNow = useRef(data);
  dataNow.current = data;

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read again when the theme is painted anew
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const made = new UPlot(
      options(element.clientWidth, () => topNow.current),
      dataNow.current,
      element,
    );
    drawn.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      drawn.current = undefined;
    };
  }, [theme]);

  useEffect(() => drawn.current?.setData(dataNow.current));

  return <div ref={box} role="img" aria-label={label} style={{ height: HEIGHT }} />;
}

function options(width: number, top: () => number): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    // The last time on the axis stands half beyond the plot.
    padding: [6, 14, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'health' }, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { y: { range: () => [0, top()] } },
    axes: [
      { ...axis, size: 22, space: 64, grid: { show: false } },
      { ...axis, size: GUTTER, space: 30, gap: 6 },
    ],
    series: [
      {},
      { stroke: colour('ok'), width: 1.5, dash: [6, 3], points: { show: false }, spanGaps: false },
      { stroke: colour('plot-warn'), width: 2, points: { show: false }, spanGaps: false },
      { stroke: colour('bad'), width: 1, points: { show: false } },
    ],
  };
}
