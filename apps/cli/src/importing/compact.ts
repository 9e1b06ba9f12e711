import { MAX_CONDITIONS, MAX_RULES } from '@spillway/contract/definitions';
import type { Condition } from '@spillway/evaluator';
import type { ImportedFlag, ImportedRule, ImportedState } from './report.ts';

/** What is more than a flag may have of, said with less: rules that serve the same in turn as one, long lists in parts. */
export function compacted(flag: ImportedFlag): ImportedFlag {
  const { all_environments: everywhere, environments } = flag;
  const states = Object.entries(environments ?? {}).map(([name, state]) => [name, compactState(state)] as const);
  return {
    ...flag,
    ...(everywhere === undefined ? {} : { all_environments: compactState(everywhere) }),
    ...(environments === undefined ? {} : { environments: Object.fromEntries(states) }),
  };
}

function compactState(state: ImportedState): ImportedState {
  const rules = state.rules.length > MAX_RULES ? joined(state.rules) : state.rules;
  return { ...state, rules: rules.map(({ when, serve }) => ({ when: inParts(when), serve })) };
}

function joined(rules: readonly ImportedRule[]): readonly ImportedRule[] {
  const runs: { any: Condition[]; serve: ImportedRule['serve'] }[] = [];
  for (const { when, serve } of rules) {
    const last = runs.at(-1);
    if (last?.serve.variant === serve.variant) last.any.push(when);
    else runs.push({ any: [when], serve });
  }
  return runs.map(({ any, serve }) => ({ when: { any }, serve }));
}

function inParts(condition: Condition): Condition {
  if ('all' in condition) return { all: parted(condition.all.map(inParts), (all) => ({ all })) };
  return 'any' in condition ? { any: parted(condition.any.map(inParts), (any) => ({ any })) } : condition;
}

function parted(conditions: readonly Condition[], of: (part: readonly Condition[]) => Condition): readonly Condition[] {
  if (conditions.length <= MAX_CONDITIONS) return conditions;
  const count = Math.ceil(conditions.length / MAX_CONDITIONS);
  return Array.from({ length: count }, (_, index) =>
    of(conditions.slice(index * MAX_CONDITIONS, (index + 1) * MAX_CONDITIONS)),
  );
}
