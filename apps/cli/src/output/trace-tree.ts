import type {
  ConditionTrace,
  Json,
  PrerequisiteTrace,
  RuleTrace,
  ScheduleTrace,
  SegmentTrace,
  SplitTrace,
  SwitchTrace,
  Trace,
} from '@spillway/evaluator';

/** A line and what stands below it. */
interface Branch {
  readonly line: string;
  readonly below?: readonly Branch[];
}

const MAX_SHOWN_VALUES = 5;
const MAX_SHOWN_TEXT = 60;
/** An attribute may have dots in its name; what leads into one is written otherwise. */
const STEP = ' → ';

/** How an answer came about, for people: ✔ held, ✖ did not, ○ was not asked. */
export function traceText(flag: string, trace: Trace): string {
  return [`${flag}: ${DECIDED[trace.decided_by]}`, ...indent(branches(trace), '')].join('\n');
}

const DECIDED: Readonly<Record<Trace['decided_by'], string>> = {
  error: 'it cannot be evaluated',
  off: 'it is off here',
  kill_switch: 'a kill switch covers it',
  prerequisite: 'a flag that it requires does not serve what it needs',
  target: 'the subject is targeted by itself',
  rule: 'a rule matched',
  fallthrough: 'no rule matched, so everybody else’s answer',
};

function indent(all: readonly Branch[], margin: string): readonly string[] {
  return all.flatMap(({ line, below = [] }, index) => {
    const isLast = index === all.length - 1;
    return [`${margin}${isLast ? '└─ ' : '├─ '}${line}`, ...indent(below, `${margin}${isLast ? '   ' : '│  '}`)];
  });
}

function branches(trace: Trace): readonly Branch[] {
  const { problem, switches = [], prerequisites = [], target, target_by, rules, schedule, split } = trace;
  const where = target_by === undefined ? 'targetingKey' : target_by.join(STEP);
  return [
    ...(problem === undefined ? [] : [{ line: `✖ ${problem}` }]),
    ...switches.map(ofSwitch),
    ...prerequisites.map(ofPrerequisite),
    ...(target === undefined ? [] : [{ line: `✔ target: ${where} is ${shown(target)}` }]),
    ...rules.map(ofRule),
    ...(schedule === undefined ? [] : [ofSchedule(schedule)]),
    ...(split === undefined ? [] : [ofSplit(split)]),
  ];
}

function mark(met: boolean): string {
  return met ? '✔' : '✖';
}

function ofSwitch({ key, scope, covers }: SwitchTrace): Branch {
  return { line: `${mark(covers)} kill switch ${key} (${scope}) ${covers ? 'covers it' : 'does not cover it'}` };
}

function ofPrerequisite({ flag, variants, met, explanation }: PrerequisiteTrace): Branch {
  const { variant = 'no variant' } = explanation.evaluation;
  return {
    line: `${mark(met)} requires ${flag} to serve ${variants.join(' or ')}; it serves ${variant}`,
    below: branches(explanation.trace),
  };
}

function ofRule({ id, result, condition }: RuleTrace): Branch {
  if (result === 'not_reached') return { line: `○ rule ${id}: not asked` };
  const line = `${mark(result === 'matched')} rule ${id}`;
  return condition === undefined ? { line } : { line, below: [ofCondition(condition)] };
}

const GROUP = { all: 'all of these', any: 'at least one of these', not: 'not this' } as const;
/** What groups of no parts come to. */
const EMPTY_GROUP = { all: 'everybody', any: 'nobody', not: 'not this' } as const;

function ofCondition(condition: ConditionTrace): Branch {
  if (condition.is === 'segment') return ofSegment(condition);
  if (condition.is === 'comparison') {
    const { attribute, path = [], operator, expected, ignore_case, actual, met } = condition;
    const name = [attribute, ...path].join(STEP);
    const words = [name, operator.replaceAll('_', ' '), ...(expected.length === 0 ? [] : [listed(expected)])].join(' ');
    const found = actual === undefined ? 'the context has none' : `it is ${shown(actual as Json)}`;
    return { line: `${mark(met)} ${words}${ignore_case === true ? ', in any case' : ''}: ${found}` };
  }
  if (condition.is === 'flag') {
    const { flag, expected, actual = 'no variant', met } = condition;
    return { line: `${mark(met)} flag ${flag} serves ${expected.join(' or ')}: it serves ${actual}` };
  }
  const { is, met, parts } = condition;
  return { line: `${mark(met)} ${(parts.length === 0 ? EMPTY_GROUP : GROUP)[is]}`, below: parts.map(ofCondition) };
}

function ofSegment({ segment, met, problem, parts, members, score, parents, exclusions }: SegmentTrace): Branch {
  const list = members && { line: `${mark(members.listed)} listed: ${shown(members.key ?? null)}` };
  const points = score && {
    line: `${mark(score.sum >= score.threshold)} score ${score.sum} of ${score.threshold}`,
    below: score.rules.map(({ weight, condition }) => weighed(weight, ofCondition(condition))),
  };
  // A list or a score that stands alone has a condition of no parts besides, which says nothing.
  const conditions = parts.filter((part) => !((list ?? points) && part.is === 'any' && part.parts.length === 0));
  return {
    line: `${mark(met)} segment ${segment}${problem === undefined ? '' : `: ${problem}`}`,
    below: [
      ...conditions.map(ofCondition),
      ...(list === undefined ? [] : [list]),
      ...(points === undefined ? [] : [points]),
      ...(parents ?? []).map((one) => named('in', ofSegment(one))),
      ...(exclusions ?? []).map((one) => named('not in', ofSegment(one))),
    ],
  };
}

function weighed(weight: number, { line, ...rest }: Branch): Branch {
  return { line: `${line} (weight ${weight})`, ...rest };
}

function named(relation: string, { line, ...rest }: Branch): Branch {
  return { line: `${relation}: ${line}`, ...rest };
}

function ofSchedule(schedule: ScheduleTrace): Branch {
  const at = (ms: number) => new Date(ms).toISOString();
  if (schedule.is === 'ramp') {
    const share = schedule.share / 1_000;
    return { line: `ramp at ${share} %, from ${at(schedule.from_ms)} to ${at(schedule.to_ms)}` };
  }
  const { step, from_ms, next_ms } = schedule;
  const since = step === undefined ? 'before the first step' : `step ${step + 1}`;
  const began = from_ms === undefined ? '' : ` since ${at(from_ms)}`;
  return { line: `stages: ${since}${began}${next_ms === undefined ? '' : `, the next at ${at(next_ms)}`}` };
}

function ofSplit({ by, path = [], seed, key, bucket, parts }: SplitTrace): Branch {
  const name = [by, ...path].join(STEP);
  if (bucket === undefined) return { line: `✖ split by ${name}: the context has none` };
  return {
    line: `bucket ${bucket} of 100000, from ${name} ${shown(key ?? null)} and seed ${shown(seed)}`,
    below: parts.map(({ variant, from, to }) => ({
      line: `${mark(bucket >= from && bucket < to)} ${variant}: ${from} to ${to - 1}`,
    })),
  };
}

function listed(values: readonly Json[]): string {
  const some = values.slice(0, MAX_SHOWN_VALUES).map(shown).join(', ');
  return values.length > MAX_SHOWN_VALUES ? `${some} and ${values.length - MAX_SHOWN_VALUES} more` : some;
}

function shown(value: Json): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > MAX_SHOWN_TEXT ? `${text.slice(0, MAX_SHOWN_TEXT)}…` : text;
}
