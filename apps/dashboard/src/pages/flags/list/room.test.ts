import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roomIn } from './room.ts';

/** What a window leaves to the list, beside the sidebar and the margins. */
const WINDOW_1440 = 1156;
const WINDOW_1000 = 716;
const PHONE = 356;

test('three environments have their switches on every screen', () => {
  assert.deepEqual(roomIn(WINDOW_1440, 3), {
    layout: 'table',
    environments: 3,
    activity: true,
    owner: true,
    type: true,
  });
  assert.deepEqual(roomIn(WINDOW_1000, 3), {
    layout: 'table',
    environments: 3,
    activity: false,
    owner: false,
    type: false,
  });
  assert.equal(roomIn(PHONE, 3).layout, 'cards');
  assert.equal(roomIn(PHONE, 3).environments, 3);
});

test('of ten as many as fit have one, and there is room for a column about the others', () => {
  assert.deepEqual(
    [WINDOW_1440, WINDOW_1000, PHONE].map((width) => roomIn(width, 10).environments),
    [4, 2, 2],
  );
  assert.equal(roomIn(2_400, 10).environments, 10);
});

test('what is shown is never wider than the room, and never none of the environments', () => {
  const widths = { activity: 124, owner: 132, type: 84 };
  for (let width = 320; width < 2_600; width += 7) {
    for (let environments = 1; environments <= 30; environments += 1) {
      const room = roomIn(width, environments);
      const columns = room.environments + (room.environments < environments ? 1 : 0);
      assert.ok(room.environments >= 1 && room.environments <= environments, `${width} px, ${environments}`);
      if (room.layout === 'cards') continue;
      const extras = (['activity', 'owner', 'type'] as const).filter((extra) => room[extra]);
      const taken = 248 + 112 + columns * 100 + extras.reduce((sum, extra) => sum + widths[extra], 0);
      assert.ok(taken <= width, `${width} px, ${environments}: ${taken}`);
    }
  }
});
