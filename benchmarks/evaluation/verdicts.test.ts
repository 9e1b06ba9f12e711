import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, type Definitions, partsOf, type User } from './definitions.ts';
import type { Engine } from './engines/engine.ts';
import { floor } from './engines/floor.ts';
import { spillway } from './engines/spillway.ts';
import { usersOf } from './users.ts';
import { implausible, settledAnswer } from './verdicts.ts';
import { definitionsFor, WORKLOADS, type WorkloadName } from './workloads.ts';

const names = (Object.keys(WORKLOADS) as WorkloadName[]).filter((name) => name !== 'W6');
const users = usersOf(2_000);

const engines: readonly Engine[] = [spillway, floor];

for (const engine of engines) {
  for (const workload of names) {
    test(`${engine.name} answers ${workload} as the slow interpreter does`, async () => {
      const definitions = definitionsFor(workload);
      const opened = await (await engine.load()).open(engine.payload(definitions));
      const some = workload === 'W5' ? users.slice(0, 100) : users;
      for (const flag of definitions.flags) {
        const asker = opened.asker(flag);
        const answers: (Answer | undefined)[] = [];
        for (const user of some) answers.push(await asker.value(opened.context(user)));
        assert.equal(implausible(definitions, flag, some, answers), undefined);
      }
    });
  }
}

test('an engine that gives everyone the same variant of a split is found out', () => {
  const definitions = definitionsFor('W2');
  const [flag] = definitions.flags;
  assert.ok(flag);
  assert.match(
    implausible(
      definitions,
      flag,
      users,
      users.map(() => true),
    ) ?? '',
    /gives true to 2000 of 2000/,
  );
});

test('an engine that ignores a rule is found out, with the user it got wrong', () => {
  const definitions = definitionsFor('W4');
  const [flag] = definitions.flags;
  assert.ok(flag);
  assert.match(
    implausible(
      definitions,
      flag,
      users,
      users.map(() => false),
    ) ?? '',
    /answers false instead of true/,
  );
});

test('most users of W3 reach the split, and each rule decides for some', () => {
  const definitions: Definitions = definitionsFor('W3');
  const [flag] = definitions.flags;
  assert.ok(flag);
  assert.equal(partsOf(flag.otherwise).length, 3);
  const split = users.filter((user) => settledAnswer(definitions, flag, user) === undefined).length;
  assert.ok(split > users.length * 0.5 && split < users.length * 0.8, `${split} of ${users.length} reach the split`);
  const by = (rule: (typeof flag.rules)[number]) => {
    const alone: Definitions = { ...definitions, flags: [{ ...flag, rules: [rule] }] };
    const [only] = alone.flags;
    return users.filter((user: User) => only !== undefined && settledAnswer(alone, only, user) !== undefined).length;
  };
  for (const rule of flag.rules) assert.ok(by(rule) > 0, `${rule.id} decides for nobody`);
});
