const WIDTH = 100;
const HEIGHT = 24;

/** Amounts over time in the size of a word; `label` says in words what it shows. */
export function Sparkline({
  values,
  most,
  colour,
  label,
}: {
  /** The oldest first. */
  values: readonly number[];
  /** What reaches the top, so that several can be compared. */
  most: number;
  colour: string;
  label: string;
}) {
  const step = WIDTH / Math.max(1, values.length);
  const bars = values.map((value, index) => ({ x: index * step, height: most === 0 ? 0 : (value / most) * HEIGHT }));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-6 w-full"
    >
      <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} className="stroke-line" vectorEffect="non-scaling-stroke" />
      {bars.map(({ x, height }) =>
        height === 0 ? null : (
          // At least a trace of what happened at all.
          <rect
            key={x}
            x={x}
            width={step * 0.8}
            y={HEIGHT - Math.max(1, height)}
            height={Math.max(1, height)}
            fill={colour}
          />
        ),
      )}
    </svg>
  );
}
