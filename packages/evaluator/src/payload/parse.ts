import { MAX_CONDITION_DEPTH } from '../conditions/compile-condition.ts';
import type { Snapshot, SnapshotDelta } from '../snapshot.ts';
import {
  type Check,
  exactly,
  having,
  isCount,
  isFlag,
  isNumber,
  isObject,
  isPresent,
  isText,
  keyed,
  listOf,
  optional,
  orNull,
} from './shape.ts';

export type ParsedSnapshot =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly problem: string };

export type ParsedDelta =
  | { readonly ok: true; readonly delta: SnapshotDelta }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads an untrusted payload. Its shape must be right throughout, or all of it is refused and the last good one stays;
 * what the shape cannot tell (an operator of a later version, a variant that is not there) breaks one flag, in `compile`.
 */
export function parseSnapshot(value: unknown): ParsedSnapshot {
  let problem: string | undefined;
  return isA<Snapshot>(value, snapshot, (found) => {
    problem = found;
  })
    ? { ok: true, snapshot: value }
    : { ok: false, problem: problem ?? 'unreadable' };
}

/** Reads an untrusted change; see `parseSnapshot`. */
export function parseDelta(value: unknown): ParsedDelta {
  let problem: string | undefined;
  return isA<SnapshotDelta>(value, delta, (found) => {
    problem = found;
  })
    ? { ok: true, delta: value }
    : { ok: false, problem: problem ?? 'unreadable' };
}

function isA<T>(value: unknown, check: Check, report: (problem: string) => void): value is T {
  const problem = check(value, '');
  if (problem !== undefined) report(problem);
  return problem === undefined;
}

const condition: Check = (value, at) => conditionAt(value, at, 1);

function conditionAt(value: unknown, at: string, depth: number): string | undefined {
  if (!isObject(value)) return `${at} must be an object`;
  if (depth > MAX_CONDITION_DEPTH) return `${at} nests more than ${MAX_CONDITION_DEPTH} deep`;
  const inner: Check = (part, where) => conditionAt(part, where, depth + 1);
  if ('all' in value) return having({ all: listOf(inner) })(value, at);
  if ('any' in value) return having({ any: listOf(inner) })(value, at);
  if ('not' in value) return having({ not: inner })(value, at);
  if ('segment' in value) return having({ segment: isText })(value, at);
  return ('attribute' in value ? comparison : unknownKind)(value, at);
}

/** Of a later version: breaks what uses it, in `compile`, unless it is essential. */
const unknownKind = having({});

const path = optional(listOf(isText));

const comparison = having({
  attribute: isText,
  path,
  operator: isText,
  values: listOf(isPresent),
  ignore_case: optional(isFlag),
});

const split = listOf(having({ variant: isText, percentage: isNumber }));

const stage: Check = (value, at) => {
  const share = isObject(value) && 'split' in value ? { split } : { percentage: isNumber };
  return having({ from_ms: isNumber, ...share })(value, at);
};

const stages = having({ variant: optional(isText), otherwise: isText, steps: listOf(stage) });

const ramp = having({
  variant: isText,
  otherwise: isText,
  from_ms: isNumber,
  to_ms: isNumber,
  from_percentage: isNumber,
  to_percentage: isNumber,
});

const serve: Check = (value, at) => {
  if (!isObject(value)) return `${at} must be an object`;
  if ('variant' in value) return having({ variant: isText })(value, at);
  if ('split' in value) return having({ split })(value, at);
  if ('value' in value) return having({ value: isPresent })(value, at);
  if ('stages' in value) return having({ stages })(value, at);
  return ('ramp' in value ? having({ ramp }) : unknownKind)(value, at);
};

const bucketing = having({ algorithm: isText, by: isText, path, seed: isText });

const ruleBucketing = having({
  algorithm: optional(isText),
  by: optional(isText),
  path,
  seed: optional(isText),
});

const rule = having({ id: isText, when: condition, serve, bucketing: optional(ruleBucketing) });

const flag = having({
  key: isText,
  version: isCount,
  type: isText,
  variants: listOf(having({ name: isText, value: isPresent })),
  services: listOf(isText),
  enabled: isFlag,
  off_variant: isText,
  prerequisites: optional(listOf(having({ flag: isText, variants: listOf(isText) }))),
  targets: listOf(having({ variant: isText, keys: listOf(isText), by: optional(isText), path })),
  rules: listOf(rule),
  fallthrough: serve,
  bucketing,
});

const segment = having({
  key: isText,
  version: isCount,
  when: condition,
  members: optional(having({ algorithm: isText, fingerprints: isText, by: optional(isText), path })),
  score: optional(having({ rules: listOf(having({ when: condition, weight: isNumber })), threshold: isNumber })),
  parents: optional(listOf(isText)),
  exclusions: optional(listOf(isText)),
  priority: optional(isNumber),
});

const killSwitch = having({ key: isText, version: isCount, scope: isText, affects: listOf(isText) });

const snapshot = having({
  format: exactly('spillway.snapshot/1'),
  project: isText,
  environment: isText,
  number: isCount,
  flags: keyed(flag),
  segments: keyed(segment),
  switches: keyed(killSwitch),
});

const delta = having({
  format: exactly('spillway.delta/1'),
  project: isText,
  environment: isText,
  base: isCount,
  number: isCount,
  flags: optional(keyed(orNull(flag))),
  segments: optional(keyed(orNull(segment))),
  switches: optional(keyed(orNull(killSwitch))),
});
