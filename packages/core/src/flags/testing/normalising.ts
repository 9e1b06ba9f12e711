import type { FieldProblem, Outcome } from '../../refusal.ts';
import type { Flag } from '../flag.ts';
import type { FlagEnvironmentInput, FlagInput } from '../input.ts';
import { normaliseFlag } from '../normalise.ts';
import type { Normalising } from '../normalise-state.ts';

export function around(changes: Partial<Normalising> = {}): Normalising {
  let ids = 0;
  return {
    environments: new Set(['development', 'production']),
    flags: new Map(),
    segments: new Set(['beta-testers', 'staff']),
    newRuleId: () => `rule-${++ids}`,
    ...changes,
  };
}

export function accepted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(`should have been accepted: ${JSON.stringify(outcome.refusal)}`);
}

export function problems(outcome: Outcome<unknown>): readonly FieldProblem[] {
  if (outcome.ok || outcome.refusal.code !== 'invalid') {
    throw new Error(`should have been refused as invalid: ${JSON.stringify(outcome)}`);
  }
  return outcome.refusal.fields ?? [];
}

export function normalised(input: FlagInput, known: readonly Flag[] = []): Flag {
  const flags = new Map(known.map((flag) => [flag.key, flag]));
  return accepted(normaliseFlag(input, undefined, around({ flags })));
}

export function fieldsOf(input: FlagInput): readonly string[] {
  return problems(normaliseFlag(input, undefined, around())).map(({ field }) => field);
}

export function inProduction(state: FlagEnvironmentInput, more: Partial<FlagInput> = {}): FlagInput {
  return { key: 'checkout', ...more, environments: { production: state } };
}
