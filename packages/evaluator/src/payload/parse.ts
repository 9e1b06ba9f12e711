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
  if ('all' in value) return listOf(inner)(value.all, `${at}/all`);
  if ('any' in value) return listOf(inner)(value.any, `${at}/any`);
  if ('not' in value) return inner(value.not, `${at}/not`);
  if ('segment' in value) return isText(value.segment, `${at}/segment`);
  return 'attribute' in value ? comparison(value, at) : undefined;
}

const comparison = having({ attribute: isText, operator: isText, values: listOf(isPresent) });

const splitPart = having({ variant: isText, percentage: isNumber });

const serve: Check = (value, at) => {
  if (!isObject(value)) return `${at} must be an object`;
  return 'split' in value ? listOf(splitPart)(value.split, `${at}/split`) : isText(value.variant, `${at}/variant`);
};

const flag = having({
  key: isText,
  version: isCount,
  type: isText,
  variants: listOf(having({ name: isText, value: isPresent })),
  services: listOf(isText),
  enabled: isFlag,
  off_variant: isText,
  targets: listOf(having({ variant: isText, keys: listOf(isText) })),
  rules: listOf(having({ id: isText, when: condition, serve })),
  fallthrough: serve,
  bucketing: having({ algorithm: isText, by: isText, seed: isText }),
});

const segment = having({ key: isText, version: isCount, when: condition });

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
