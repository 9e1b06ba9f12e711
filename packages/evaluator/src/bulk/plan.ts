import type { BoundFlag } from '../configuration.ts';
import { deciding } from '../flags/compile-serve.ts';
import type { LiveForm, ServeForm } from '../flags/flag-form.ts';
import { prepared } from '../prepare.ts';
import type { BulkPlan, Column, PlacedFlag, RuleGroup, SharedTest } from './bulk-plan.ts';

interface Member extends PlacedFlag {
  readonly live: LiveForm;
}

/** Prepares all flags, and puts those together that ask the same. */
export function planOf(flags: ReadonlyMap<string, BoundFlag>): BulkPlan {
  const alone: PlacedFlag[] = [];
  const members: Member[] = [];
  for (const [at, flag] of [...flags.values()].entries()) {
    const live = shareable(flag);
    if (live !== undefined) members.push({ at, flag, live });
    else if (flag.always === undefined) alone.push({ at, flag });
  }
  const known = new Map<string, SharedTest>();
  return {
    settled: Array.from(flags.values(), ({ always }) => always),
    groups: alike(members).map((group) => groupOf(group, known)),
    alone,
    pass: 0,
  };
}

/** Those with the same conditions together. Not by `Map.groupBy`, which Node has from version 21 on: the SDK runs on 20, too. */
function alike(members: readonly Member[]): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    const conditions = JSON.stringify(member.flag.definition.rules.map(({ when }) => when));
    const group = groups.get(conditions);
    if (group === undefined) groups.set(conditions, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}

/** Undefined for a flag whose answer is settled, or lies in more than its rules. */
function shareable(flag: BoundFlag): LiveForm | undefined {
  try {
    const { always, form, guards, prerequisites, problem } = prepared(flag);
    if (always !== undefined || problem !== undefined || form === undefined || 'problem' in form.live) return undefined;
    const { live } = form;
    return guards.length > 0 || prerequisites.length > 0 || live.targets.length > 0 ? undefined : live;
  } catch {
    return undefined;
  }
}

function groupOf(members: readonly Member[], known: Map<string, SharedTest>): RuleGroup {
  const [first] = members;
  const tests = (first?.live.rules ?? []).map(({ when: { test } }, rule): SharedTest => {
    const id = JSON.stringify(first?.flag.definition.rules[rule]?.when);
    const shared = known.get(id) ?? { test, pass: 0, held: false };
    known.set(id, shared);
    return shared;
  });
  const columns = [...tests.keys(), tests.length].map((rule) =>
    columnOf(members.map(({ live }) => live.rules[rule]?.serve ?? live.fallthrough)),
  );
  return { tests, flags: members, columns };
}

function columnOf(serves: readonly ServeForm[]): Column {
  return {
    decides: serves.map((serve) => (serve.is === 'fixed' ? undefined : deciding(serve))),
    fixed: serves.map((serve) => (serve.is === 'fixed' ? serve.outcome : undefined)),
    answers: new Array(serves.length).fill(undefined),
  };
}
