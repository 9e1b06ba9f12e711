import { MAX_CONDITION_DEPTH } from '../conditions/compile-condition.ts';
import type { Snapshot, SnapshotDelta } from '../snapshot.ts';
import { type Check, exactly, having, isCount, isNumber, isObject, isPresent, keyed, listOf, orNull } from './shape.ts';

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
  const problem = snapshot(value);
  return problem === undefined ? { ok: true, snapshot: value as Snapshot } : { ok: false, problem };
}

/** Reads an untrusted change; see `parseSnapshot`. */
export function parseDelta(value: unknown): ParsedDelta {
  const problem = delta(value);
  return problem === undefined ? { ok: true, delta: value as SnapshotDelta } : { ok: false, problem };
}

let depth = 0;

/** Counts how deep it is, because a condition nested without end would end the stack. */
const condition: Check = (value) => {
  if (depth >= MAX_CONDITION_DEPTH) return ` nests more than ${MAX_CONDITION_DEPTH} deep`;
  depth += 1;
  try {
    return conditionOf(value)(value);
  } finally {
    depth -= 1;
  }
};

const all = having({ all: listOf(condition) });
const any = having({ any: listOf(condition) });
const not = having({ not: condition });
const inSegment = having({ segment: 'string' });
const ofFlag = having({ flag: 'string', variants: listOf('string') });
/** Of a later version: breaks what uses it, in `compile`, unless it is essential. */
const unknownKind = having({});
const path = listOf('string');

const comparison = having(
  { attribute: 'string', operator: 'string', values: listOf(isPresent) },
  { path, ignore_case: 'boolean' },
);

function conditionOf(value: unknown): Check {
  if (!isObject(value)) return unknownKind;
  if ('all' in value) return all;
  if ('any' in value) return any;
  if ('not' in value) return not;
  if ('segment' in value) return inSegment;
  if ('flag' in value) return ofFlag;
  return 'attribute' in value ? comparison : unknownKind;
}

const split = listOf(having({ variant: 'string', percentage: isNumber }));

const stageOfSplit = having({ from_ms: isNumber, split });
const stageOfPercentage = having({ from_ms: isNumber, percentage: isNumber });
const stage: Check = (value) => (isObject(value) && 'split' in value ? stageOfSplit : stageOfPercentage)(value);

const ramp = having({
  variant: 'string',
  otherwise: 'string',
  from_ms: isNumber,
  to_ms: isNumber,
  from_percentage: isNumber,
  to_percentage: isNumber,
});

const serveVariant = having({ variant: 'string' });
const serveSplit = having({ split });
const serveValue = having({ value: isPresent });
const serveStages = having({ stages: having({ otherwise: 'string', steps: listOf(stage) }, { variant: 'string' }) });
const serveRamp = having({ ramp });

const serve: Check = (value) => {
  if (!isObject(value)) return ' must be an object';
  if ('variant' in value) return serveVariant(value);
  if ('split' in value) return serveSplit(value);
  if ('value' in value) return serveValue(value);
  if ('stages' in value) return serveStages(value);
  return ('ramp' in value ? serveRamp : unknownKind)(value);
};

const bucketing = having({ algorithm: 'string', by: 'string', seed: 'string' }, { path });
const ruleBucketing = having({}, { algorithm: 'string', by: 'string', path, seed: 'string' });
const texts = listOf('string');

const flag = having(
  {
    key: 'string',
    version: isCount,
    type: 'string',
    variants: listOf(having({ name: 'string', value: isPresent })),
    services: texts,
    enabled: 'boolean',
    off_variant: 'string',
    targets: listOf(having({ variant: 'string', keys: texts }, { by: 'string', path })),
    rules: listOf(
      having({ id: 'string', when: condition, serve }, { description: 'string', bucketing: ruleBucketing }),
    ),
    fallthrough: serve,
    bucketing,
  },
  { prerequisites: listOf(having({ flag: 'string', variants: texts })) },
);

const members = having({ algorithm: 'string', fingerprints: 'string' }, { by: 'string', path });
const membersPatch = having(
  { algorithm: 'string', base_version: isCount, added: 'string', removed: 'string', count: isCount },
  { by: 'string', path },
);
const membersChange: Check = (value) => (isObject(value) && 'base_version' in value ? membersPatch : members)(value);

const segment = segmentWith(members);

function segmentWith(list: Check): Check {
  return having(
    { key: 'string', version: isCount, when: condition },
    {
      members: list,
      score: having({ rules: listOf(having({ when: condition, weight: isNumber })), threshold: isNumber }),
      parents: texts,
      exclusions: texts,
      priority: isNumber,
    },
  );
}

const killSwitch = having({ key: 'string', version: isCount, scope: 'string', affects: texts });

const snapshot = having(
  {
    format: exactly('spillway.snapshot/1'),
    project: 'string',
    environment: 'string',
    number: isCount,
    flags: keyed(flag),
    segments: keyed(segment),
    switches: keyed(killSwitch),
  },
  { signature: 'string' },
);

const delta = having(
  {
    format: exactly('spillway.delta/1'),
    project: 'string',
    environment: 'string',
    base: isCount,
    number: isCount,
  },
  {
    flags: keyed(orNull(flag)),
    segments: keyed(orNull(segmentWith(membersChange))),
    switches: keyed(orNull(killSwitch)),
    signature: 'string',
  },
);
