/** Limits of one flag; the contract states the same ones for what arrives over the wire. */
export const MAX_VARIANTS = 100;
export const MAX_RULES = 200;
export const MAX_TARGET_KEYS = 10_000;
export const MAX_TAGS = 50;
export const MAX_FLAG_SERVICES = 50;
export const MAX_DESCRIPTION_LENGTH = 2_000;
export const MAX_OWNER_LENGTH = 256;
export const MAX_BUCKETING_TEXT_LENGTH = 256;
export const MAX_TARGETING_KEY_LENGTH = 1_024;

/** Conditions inside conditions; deeper than people can read, shallow enough for any call stack. */
export const MAX_CONDITION_DEPTH = 10;
/** Conditions in all rules of one environment together. */
export const MAX_CONDITIONS = 2_000;
export const MAX_CONDITION_VALUES = 10_000;
/** Texts and values of all conditions of one environment together. */
export const MAX_CONDITION_VALUES_TOTAL = 50_000;
export const MAX_PATTERN_LENGTH = 1_000;
/** Fields followed inside an attribute. */
export const MAX_PATH = 16;
export const MAX_PREREQUISITES = 50;
export const MAX_STAGES = 100;
export const MAX_TARGET_ENVIRONMENTS = 100;
/** Of a value schema as JSON text. */
export const MAX_VALUE_SCHEMA_CHARACTERS = 32_768;
/** Segments named by one `in_segment`. */
export const MAX_SEGMENT_OPERANDS = 100;
