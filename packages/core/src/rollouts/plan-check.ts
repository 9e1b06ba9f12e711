import { accept, type FieldProblem, type Outcome, refuse } from '../refusal.ts';
import type { RolloutPlan, StagePlan } from './plan.ts';

/** Checks more often than this measure noise and fill the log. */
export const SHORTEST_CHECK_INTERVAL_MS = 100;

/** What a schema cannot say about a plan. Fields are JSON Pointers into the plan. */
export function validatePlan(plan: RolloutPlan): Outcome<RolloutPlan> {
  const fields = [
    ...duplicateKeys(plan.stages),
    ...unknownDependencies(plan.stages),
    ...cycles(plan.stages),
    ...plan.stages.flatMap(stepProblems),
    ...rivals(plan.stages),
  ];
  const [first] = fields;
  if (first === undefined) return accept(plan);
  const more = fields.length === 1 ? '' : ` (and ${fields.length - 1} more)`;
  return refuse('invalid', `The plan cannot be carried out: ${first.field} ${first.message}${more}.`, { fields });
}

function duplicateKeys(stages: readonly StagePlan[]): FieldProblem[] {
  return stages.flatMap((stage, index) => {
    const first = stages.findIndex((other) => other.key === stage.key);
    if (first === index) return [];
    return [
      { field: `/stages/${index}/key`, message: `repeats the key "${stage.key}" of stage ${first + 1}; rename one` },
    ];
  });
}

function unknownDependencies(stages: readonly StagePlan[]): FieldProblem[] {
  const keys = new Set(stages.map((stage) => stage.key));
  return stages.flatMap((stage, index) =>
    stage.dependencies.flatMap((dependency, at) => {
      const field = `/stages/${index}/dependencies/${at}`;
      if (dependency === stage.key) return [{ field, message: 'names its own stage; remove it' }];
      if (keys.has(dependency)) return [];
      return [{ field, message: `names no stage of this plan; its stages are ${[...keys].join(', ')}` }];
    }),
  );
}

/** Stages that can never start, because each of them waits for another of them. */
function cycles(stages: readonly StagePlan[]): FieldProblem[] {
  const keys = new Set(stages.map((stage) => stage.key));
  const startable = new Set<string>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const { key, dependencies } of stages) {
      const ready = dependencies.every((on) => startable.has(on) || on === key || !keys.has(on));
      if (ready && !startable.has(key)) {
        startable.add(key);
        grown = true;
      }
    }
  }
  const stuck = stages.filter(({ key }) => !startable.has(key)).map(({ key }) => key);
  return stages.flatMap(({ key }, index) => {
    if (startable.has(key)) return [];
    return [{ field: `/stages/${index}/dependencies`, message: `is part of or behind a cycle: ${stuck.join(', ')}` }];
  });
}

function stepProblems({ strategy }: StagePlan, stage: number): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const at = `/stages/${stage}/strategy`;
  strategy.steps.forEach((step, index) => {
    const before = index === 0 ? 0 : (strategy.steps[index - 1]?.percentage ?? 0);
    if (step.percentage <= before || step.percentage > 100) {
      const message = `must rise from step to step up to 100; ${step.percentage} comes after ${before}`;
      problems.push({ field: `${at}/steps/${index}/percentage`, message });
    }
  });
  if (strategy.steps.length === 0) problems.push({ field: `${at}/steps`, message: 'needs at least one step' });
  if (strategy.analysis.check_interval_ms < SHORTEST_CHECK_INTERVAL_MS) {
    const message = `must be at least ${SHORTEST_CHECK_INTERVAL_MS} ms`;
    problems.push({ field: `${at}/analysis/check_interval_ms`, message });
  }
  return problems;
}

/** One service can be in one stage at a time, and each of its stages has to bring another version. */
function rivals(stages: readonly StagePlan[]): FieldProblem[] {
  return stages.flatMap((stage, index) => {
    const earlier = stages
      .slice(0, index)
      .filter((other) => other.service === stage.service && other.key !== stage.key);
    return earlier.flatMap((other) => {
      if (other.version.name === stage.version.name) {
        const message = `"${stage.version.name}" is the version of stage "${other.key}" already; a stage brings another one`;
        return [{ field: `/stages/${index}/version/name`, message }];
      }
      if (reaches(stages, stage.key, other.key) || reaches(stages, other.key, stage.key)) return [];
      const message = `runs on "${stage.service}" beside "${other.key}"; make one depend on the other`;
      return [{ field: `/stages/${index}/dependencies`, message }];
    });
  });
}

function reaches(stages: readonly StagePlan[], from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (seen.has(key)) continue;
    seen.add(key);
    for (const next of stages.find((stage) => stage.key === key)?.dependencies ?? []) {
      if (next === to) return true;
      open.push(next);
    }
  }
  return false;
}
