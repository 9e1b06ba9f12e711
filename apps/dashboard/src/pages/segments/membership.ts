import type { MembershipPoint } from './queries.ts';

interface Bar {
  readonly x: number;
  readonly middle: number;
  readonly entered: number;
  readonly left: number;
}

/** Of the height; what came and went is drawn around the line's own height, never out of the picture. */
const BAR_PART = 0.3;

/** Counts in the order of time as places in a picture: each at its moment, the highest at the top. */
export function plotMembership(
  points: readonly MembershipPoint[],
  width: number,
  height: number,
): { readonly line: string; readonly bars: readonly Bar[]; readonly top: number } {
  const times = points.map(({ at }) => Date.parse(at));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const top = Math.max(1, ...points.map(({ members }) => members));
  const most = Math.max(1, ...points.flatMap(({ entered, left }) => [entered, left]));
  const places = points.map(({ members, entered, left }, index) => {
    const x = last === first ? width / 2 : (((times[index] ?? first) - first) / (last - first)) * width;
    const y = height - (members / top) * height;
    return {
      x,
      y,
      middle: height / 2,
      entered: (entered / most) * height * BAR_PART,
      left: (left / most) * height * BAR_PART,
    };
  });
  const [only] = places;
  const line =
    places.length === 1 && only !== undefined
      ? `0,${only.y} ${width},${only.y}`
      : places.map(({ x, y }) => `${x},${y}`).join(' ');
  return { line, bars: places, top };
}
