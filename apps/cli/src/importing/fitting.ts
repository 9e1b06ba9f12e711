import { checkAgainst, definitionsFile, MAX_PREREQUISITES } from '@spillway/contract/definitions';
import { normaliseAlone } from '@spillway/core';
import type { Condition } from '@spillway/evaluator';
import { parseText } from '../definitions/parse.ts';
import { definitionsText } from '../definitions/write.ts';
import type { ImportedFlag, ImportedState } from './report.ts';

/**
 * What keeps a flag from being read back, such as more rules than a flag may have; undefined if nothing does. One flag
 * that is too large must not keep the others of its file out. What it requires of others is not looked at.
 */
export function misfitOf(key: string, flag: ImportedFlag): string | undefined {
  const { all_environments: everywhere, environments } = flag;
  if (isRequiringTooMuch(everywhere) || Object.values(environments ?? {}).some(isRequiringTooMuch)) {
    return `it requires more than ${MAX_PREREQUISITES} flags`;
  }
  const states = Object.entries(environments ?? {}).map(([name, state]) => [name, withoutRequirements(state)] as const);
  const alone = {
    ...flag,
    ...(everywhere === undefined ? {} : { all_environments: withoutRequirements(everywhere) }),
    ...(environments === undefined ? {} : { environments: Object.fromEntries(states) }),
  };
  const file = { apiVersion: 'spillway/v1', kind: 'Definitions', flags: { [key]: alone } };
  const { documents, findings } = parseText('', definitionsText(file, 'json'));
  const [finding] = findings;
  if (finding !== undefined) return finding.message;
  const checked = checkAgainst(definitionsFile, documents[0]?.value, 1);
  if (!checked.ok) return checked.found.map(({ path, message }) => `${path.slice(2).join('/')} ${message}`)[0];
  const { flags } = { flags: undefined, ...checked.value };
  if (flags === undefined || Array.isArray(flags)) return undefined;
  const { problems } = normaliseAlone({ flags, segments: {} }, ['production']);
  return problems.map(({ field, message }) => `${field.slice(1)} ${message}`)[0];
}

function isRequiringTooMuch(state: ImportedState | undefined): boolean {
  return (state?.prerequisites?.length ?? 0) > MAX_PREREQUISITES;
}

function withoutRequirements({ prerequisites: _, rules, ...state }: ImportedState): ImportedState {
  return { ...state, rules: rules.map((rule) => ({ ...rule, when: askingNone(rule.when) })) };
}

/** As deep and as wide as it is. */
function askingNone(condition: Condition): Condition {
  if ('all' in condition) return { all: condition.all.map(askingNone) };
  if ('any' in condition) return { any: condition.any.map(askingNone) };
  if ('not' in condition) return { not: askingNone(condition.not) };
  return 'flag' in condition || 'segment' in condition ? { all: [] } : condition;
}
