/** The constants of `spillway-1`'s two lanes (docs/reference/bucketing.md). */
export const A_START = 0x243f6a88;
export const B_START = 0x85a308d3;
export const A_FACTOR = 0xcc9e2d51;
export const B_FACTOR = 0x9e3779b1;
