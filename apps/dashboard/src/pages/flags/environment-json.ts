import { isCondition } from '../../conditions/condition-shape.ts';
import { type Parsed, parseJson } from '../../conditions/values.ts';
import type { FlagEnvironment } from '../../documents.ts';

/** An environment's state as text for editing, in the order in which an evaluation reads it. */
export function formatState(state: FlagEnvironment): string {
  const { enabled, off_variant, prerequisites, targets, rules, fallthrough, bucketing, ...more } = state;
  const inOrder = {
    enabled,
    off_variant,
    ...(prerequisites === undefined ? {} : { prerequisites }),
    targets,
    rules: rules.map(({ id, description, when, serve, ...rest }) => ({
      id,
      ...(description === undefined ? {} : { description }),
      when,
      serve,
      ...rest,
    })),
    fallthrough,
    bucketing,
    ...more,
  };
  return JSON.stringify(inOrder, null, 2);
}

/** Reads it back, as far as the screen must rely on its shape; everything else the server checks and names. */
export function parseState(text: string): Parsed<FlagEnvironment> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const fault = faultIn(parsed.value);
  return fault === undefined
    ? { ok: true, value: parsed.value as unknown as FlagEnvironment }
    : { ok: false, problem: fault };
}

function faultIn(value: unknown): string | undefined {
  if (!isObject(value)) return 'must be an object';
  if (typeof value.enabled !== 'boolean') return 'needs enabled: true or false';
  if (typeof value.off_variant !== 'string') return 'needs off_variant: the name of a variant';
  if (
    !isObject(value.bucketing) ||
    typeof value.bucketing.by !== 'string' ||
    typeof value.bucketing.seed !== 'string'
  ) {
    return 'needs bucketing with algorithm, by and seed';
  }
  if (!isServe(value.fallthrough)) return 'needs fallthrough: a variant, split, value, stages or ramp';
  if (!isListOf(value.targets, isTarget)) return 'needs targets: a list of variant and keys';
  if (value.prerequisites !== undefined && !isListOf(value.prerequisites, isPrerequisite)) {
    return 'takes as prerequisites a list of flag and variants';
  }
  if (!Array.isArray(value.rules)) return 'needs rules: a list';
  const index = value.rules.findIndex((rule) => !isRule(rule));
  return index === -1 ? undefined : `needs id, when and serve in rules[${index}], as the others have them`;
}

type Shape = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Shape {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, is: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

const isText = (value: unknown) => typeof value === 'string';

function isTarget(value: unknown): boolean {
  return isObject(value) && isText(value.variant) && isListOf(value.keys, isText);
}

function isPrerequisite(value: unknown): boolean {
  return isObject(value) && isText(value.flag) && isListOf(value.variants, isText);
}

function isRule(value: unknown): boolean {
  return isObject(value) && isText(value.id) && isCondition(value.when) && isServe(value.serve);
}

function isServe(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { variant, split, stages, ramp } = value;
  if (isObject(stages)) return isText(stages.otherwise) && isListOf(stages.steps, isStage);
  if (isObject(ramp)) return [ramp.variant, ramp.otherwise, ramp.from, ramp.to].every(isText);
  return isText(variant) || isListOf(split, isPart) || Object.hasOwn(value, 'value');
}

function isPart(value: unknown): boolean {
  return isObject(value) && isText(value.variant) && typeof value.percentage === 'number';
}

function isStage(value: unknown): boolean {
  return (
    isObject(value) && isText(value.from) && (typeof value.percentage === 'number' || isListOf(value.split, isPart))
  );
}
