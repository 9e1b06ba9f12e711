/** The members among those that were looked at: their ranks in ascending order, and up to which rank all were looked at. */
export interface Seen {
  readonly upto: number;
  readonly ranks: Float64Array;
}

/**
 * Who entered and who left between two looks. Only ranks that both looked at are compared: who comes into view because the
 * sample moved has entered nothing.
 */
export function cameAndWent(before: Seen, after: Seen): { readonly entered: number; readonly left: number } {
  const upto = Math.min(before.upto, after.upto);
  const inView = ({ ranks }: Seen) => ranks.filter((rank) => rank <= upto);
  const were = new Set(inView(before));
  const are = new Set(inView(after));
  return {
    entered: [...are].filter((rank) => !were.has(rank)).length,
    left: [...were].filter((rank) => !are.has(rank)).length,
  };
}
