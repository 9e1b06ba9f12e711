import { Card } from '../../ui/page.tsx';
import { fullTime } from '../../ui/time.ts';
import { plotMembership } from './membership.ts';
import type { MembershipPoint } from './queries.ts';

const WIDTH = 640;
const HEIGHT = 150;
const SHOWN_ROWS = 20;

/** How many belonged at each count, who came and who went: as a picture, and as the numbers behind it. */
export function MembershipPlot({ points }: { points: readonly MembershipPoint[] }) {
  return (
    <Card className="p-4">
      {points.length < 2 ? (
        <p className="text-muted">Counted once so far; the next count draws a line.</p>
      ) : (
        <Curve points={points} />
      )}
      <div className="mt-3 overflow-x-auto">
        <table className="w-full text-left">
          <thead>
            <tr className="border-line border-b text-muted text-xs">
              {['Counted', 'Belonged', 'Came', 'Went'].map((name, index) => (
                <th key={name} scope="col" className={`h-8 pr-3 font-medium ${index === 0 ? '' : 'text-right'}`}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="numbers divide-y divide-line">
            {points
              .slice(-SHOWN_ROWS)
              .toReversed()
              .map(({ at, members, entered, left }) => (
                <tr key={at}>
                  <td className="h-8 whitespace-nowrap pr-3">{fullTime(Date.parse(at))}</td>
                  <td className="pr-3 text-right">{members.toLocaleString('en')}</td>
                  <td className="pr-3 text-right text-ok">{signed('+', entered)}</td>
                  <td className="pr-3 text-right text-bad">{signed('−', left)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Curve({ points }: { points: readonly MembershipPoint[] }) {
  const { line, bars, top } = plotMembership(points, WIDTH, HEIGHT);
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-auto w-full" aria-hidden="true">
        {[0, 0.5, 1].map((part) => (
          <line
            key={part}
            x1="0"
            x2={WIDTH}
            y1={HEIGHT * part}
            y2={HEIGHT * part}
            className="stroke-line"
            vectorEffect="non-scaling-stroke"
          />
        ))}
        {bars.map(({ x, entered, left, middle }) => (
          <g key={x}>
            <rect x={x - 2} y={middle - entered} width="4" height={entered} className="fill-ok" opacity="0.7" />
            <rect x={x - 2} y={middle} width="4" height={left} className="fill-bad" opacity="0.7" />
          </g>
        ))}
        <polyline
          points={line}
          fill="none"
          className="stroke-accent"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="mt-2 flex flex-wrap gap-x-4 text-muted text-xs">
        <span>Line: who belongs (top {top.toLocaleString('en')})</span>
        <span>
          <span className="text-ok">+ came</span>, <span className="text-bad">− went</span> since the count before
        </span>
      </figcaption>
    </figure>
  );
}

function signed(sign: '+' | '−', count: number): string {
  return count === 0 ? '0' : `${sign}${count.toLocaleString('en')}`;
}
