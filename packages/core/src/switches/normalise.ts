import type { SwitchDefinition } from '@spillway/evaluator';
import { isKey, KEY_RULE } from '../key.ts';
import { acceptUnless, collectProblems, enumerate, type Problems, pointer } from '../problems.ts';
import type { Outcome } from '../refusal.ts';
import type { KillSwitchInput } from './input.ts';
import type { KillSwitch } from './kill-switch.ts';

export const MAX_AFFECTED = 1_000;
const MAX_DESCRIPTION_LENGTH = 2_000;

export interface SwitchSurroundings {
  readonly environments: ReadonlySet<string>;
  /** Those of `input.affects` that are keys of flags; asked for the scope `feature` alone. */
  readonly flags: ReadonlySet<string>;
  readonly segments: ReadonlySet<string>;
}

/**
 * A new switch, inactive. Unknown flags and segments are refused, because a switch that misses them is found out
 * in an emergency; unknown services are accepted, because flags may name services that Spillway does not run.
 */
export function normaliseSwitch(input: KillSwitchInput, around: SwitchSurroundings): Outcome<KillSwitch> {
  const problems = collectProblems();
  const { key, description = '', scope, affects = [], environments = [] } = input;
  if (!isKey(key)) problems.report('/key', KEY_RULE);
  if (description.length > MAX_DESCRIPTION_LENGTH) {
    problems.report('/description', `must be at most ${MAX_DESCRIPTION_LENGTH} characters long`);
  }
  checkAffects(scope, affects, around, problems);
  environments.forEach((environment, index) => {
    if (around.environments.has(environment)) return;
    problems.report(
      pointer('/environments', index),
      `names the unknown environment ${environment}; known: ${enumerate(around.environments)}`,
    );
  });
  return acceptUnless(problems, 'The kill switch', {
    key,
    description,
    scope,
    affects: [...new Set(affects)],
    environments: [...new Set(environments)],
    state: { is: 'inactive' },
  });
}

const COVERED = { service: 'services', user_segment: 'segments', feature: 'flag keys' } as const;

function checkAffects(
  scope: KillSwitch['scope'],
  affects: readonly string[],
  around: SwitchSurroundings,
  problems: Problems,
): void {
  if (scope === 'region') {
    problems.report('/scope', 'cannot be region yet; use global, service, user_segment or feature');
    return;
  }
  if (scope === 'global') {
    if (affects.length > 0) problems.report('/affects', 'must be empty, because a global switch covers everything');
    return;
  }
  if (affects.length === 0) {
    problems.report('/affects', `must name the ${COVERED[scope]} that the switch covers`);
    return;
  }
  if (affects.length > MAX_AFFECTED) {
    problems.report('/affects', `must be at most ${MAX_AFFECTED}`);
    return;
  }
  affects.forEach((key, index) => {
    const field = pointer('/affects', index);
    if (!isKey(key)) problems.report(field, KEY_RULE);
    else if (scope === 'feature' && !around.flags.has(key)) problems.report(field, `names the unknown flag ${key}`);
    else if (scope === 'user_segment' && !around.segments.has(key)) {
      problems.report(field, `names the unknown segment ${key}; known: ${enumerate(around.segments)}`);
    }
  });
}

export function coversEnvironment(killSwitch: KillSwitch, environment: string): boolean {
  return killSwitch.environments.length === 0 || killSwitch.environments.includes(environment);
}

/** The switch as an environment's snapshot carries it; undefined while it is inactive or does not act there. */
export function defineSwitch(
  killSwitch: KillSwitch,
  version: number,
  environment: string,
): SwitchDefinition | undefined {
  if (killSwitch.state.is !== 'triggered' || !coversEnvironment(killSwitch, environment)) return undefined;
  return { key: killSwitch.key, version, scope: killSwitch.scope, affects: killSwitch.affects };
}
