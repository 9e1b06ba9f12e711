/** Limits of one segment; the contract states the same ones for what arrives over the wire. */
export const MAX_SEGMENTS = 2_000;
export const MAX_SEGMENT_NAME_LENGTH = 256;
/** Of parents and of exclusions, each. */
export const MAX_RELATED_SEGMENTS = 50;
export const MAX_SCORE_RULES = 100;
/** Weights and thresholds up to here add up exactly enough for anyone. */
export const MAX_SCORE = 1_000_000;
export const MAX_PRIORITY = 1_000_000;
/** Of one list. */
export const MAX_MEMBERS = 1_000_000;
/** Of a list that comes in the segment's document; longer ones are imported. */
export const MAX_INLINE_MEMBERS = 10_000;
export const MAX_MEMBER_KEY_LENGTH = 1_024;
export const MAX_PATH_LENGTH = 10;
