import type { FlagEnvironmentInput, FlagInput } from '../flags/input.ts';
import { own } from '../own.ts';
import { pointer } from '../problems.ts';
import type { DefinedFlag } from './definitions.ts';

/** The flag as the API takes it: `all_environments` written out under every environment there is, rules with their ids. */
export function expandFlag(key: string, defined: DefinedFlag, environments: Iterable<string>): FlagInput {
  const { all_environments, environments: stated = {}, ...rest } = defined;
  const everywhere = all_environments && withRuleIds(all_environments);
  const names = everywhere === undefined ? Object.keys(stated) : new Set([...environments, ...Object.keys(stated)]);
  const expanded = [...names].map((name): [string, FlagEnvironmentInput] => {
    const state = own(stated, name);
    return [name, overlay(everywhere, state && withRuleIds(state))];
  });
  return { ...rest, key, ...(expanded.length === 0 ? {} : { environments: Object.fromEntries(expanded) }) };
}

/** By place, so that one file gives the same ids on every machine and server: answers name the rule that gave them. */
function withRuleIds(state: FlagEnvironmentInput): FlagEnvironmentInput {
  if (state.rules === undefined) return state;
  const taken = new Set(state.rules.map(({ id }) => id));
  const rules = state.rules.map((rule, index) => {
    if (rule.id !== undefined) return rule;
    let id = `rule-${index + 1}`;
    while (taken.has(id)) id += '-unnamed';
    return { ...rule, id };
  });
  return { ...state, rules };
}

/** Ways of saying what everybody else gets: one of them said by the environment puts the other, said everywhere, aside. */
const SAME_MATTER = ['fallthrough', 'percentage', 'strategy'] as const;

function overlay(
  everywhere: FlagEnvironmentInput | undefined,
  stated: FlagEnvironmentInput | undefined,
): FlagEnvironmentInput {
  if (stated === undefined || everywhere === undefined) return stated ?? everywhere ?? {};
  const below: Record<string, unknown> = { ...everywhere };
  if (SAME_MATTER.some((name) => Object.hasOwn(stated, name))) for (const name of SAME_MATTER) delete below[name];
  return { ...below, ...stated };
}

/** Where a field of the expanded flag stands in what was written: in its environment, or in `all_environments`. */
export function writtenPlace(field: string, defined: DefinedFlag): string {
  const [, section, environment, name, ...deeper] = field.split('/');
  const everywhere = defined.all_environments;
  if (section !== 'environments' || environment === undefined || everywhere === undefined) return field;
  const stated = own(defined.environments ?? {}, environment);
  const isStated = stated !== undefined && (name === undefined || Object.hasOwn(stated, name));
  if (isStated) return field;
  if (name !== undefined && Object.hasOwn(everywhere, name)) {
    return ['/all_environments', name, ...deeper].join('/');
  }
  return stated === undefined ? pointer('', 'all_environments') : field;
}
