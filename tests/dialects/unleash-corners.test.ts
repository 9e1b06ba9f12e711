import { test } from 'node:test';
import { PEERS_FOLDER, peerVersion } from '../../benchmarks/evaluation/engines/installed.ts';
import { assertRecorded } from './recorded.ts';
import { opened } from './unleash-sdk.ts';

const skip = peerVersion('unleash-client') === undefined ? `needs npm ci --prefix ${PEERS_FOLDER}` : false;

const TEXTS = ['a@x.com', 'A@X.com', '', ' a@x.com', 'İ', 'default', 'user-1', '18', ' 18 ', '0x12', '2.5'];
const VERSIONS = [
  ...[
    '1.0.0',
    '1.2',
    '2.0.0-rc.1',
    '2.0.0-rc.2',
    '2.0.0-rc.11',
    '2.0.0',
    'v2.0.0',
    ' v2.0.0',
    '1.0.0+b',
    'x',
    '01.0.0',
  ],
  ...[
    '2.0.0-rc',
    '2.0.0-rc.2.0',
    '2.0.0-RC.2',
    '10.0.0',
    '2.0.0-1',
    `1.0.0+${'b'.repeat(250)}`,
    `1.0.0+${'b'.repeat(251)}`,
  ],
];
const ADDRESSES = [
  ...[
    '10.0.0.1',
    '192.168.1.7',
    '10.0.0.1/24',
    '10.0.0.1/7',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    'nowhere',
    '010.0.0.1',
    '::',
  ],
  ...[
    '2001:DB8:0:0:0:0:0:1',
    'fe80::1%eth0',
    '10.0.0.256',
    '10.0.0',
    '10.0.0.1.1',
    '1::2::3',
    '1:2:3:4:5:6:7:8',
    '::1/128',
  ],
  ...[
    '1:2:3:4:5:6:7::',
    '::1:2:3:4:5:6:7:8',
    '12345::',
    'g::',
    '1:2:3:4:5:6:10.0.0.1',
    '11.0.0.1',
    '::10.0.0.999',
    '10.0.0.1/33',
  ],
  ...[
    '2001:db9::1',
    'fe80::1/64',
    '10.128.0.1',
    '10.0.0.1 ',
    '255.255.255.255',
    '1:2:3:4:5:6:7',
    '::1/129',
    '10.0.0.1/241',
    '::ffff:10.1.2.3',
    'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255',
    ':1',
    '1:',
    '9.255.255.255',
  ],
];
const OTHERS = [0, 18, -1, 2.5, true, null, ['a', 'b']];

type Constraint = Readonly<Record<string, unknown>>;
const each = (operators: readonly string[], field: string, more: readonly object[]): Constraint[] =>
  operators.flatMap((operator) => more.map((part) => ({ contextName: field, operator, values: [], ...part })));
const values = (...all: readonly string[]) => ({ values: all });
const value = (one: unknown) => ({ value: one });

const NETWORKS = [
  ...[
    ['10.0.0.0/8'],
    ['10.0.0.1'],
    ['192.168.0.0/16', 'x'],
    ['0.0.0.0/0'],
    ['10.0.0.0/33'],
    ['10.0.0.0/9'],
    ['10.0.0.0/32'],
  ],
  ...[
    ['2001:db8::/32'],
    ['::/0'],
    ['::ffff:10.0.0.0/104'],
    ['2001:DB8:0:0:0:0:0:1'],
    ['fe80::1%eth0'],
    ['fe80::1/64%x'],
  ],
  ...[
    ['1:2:3:4:5:6:a00:1/112'],
    ['1::/129'],
    ['10.0.0.0/8', '::1'],
    [' 10.0.0.0/8 '],
    ['2001:db8::/31'],
    ['10.0.0.1/24'],
    ['::ffff:10.1.2.0/120'],
  ],
];

const CONSTRAINTS: readonly Constraint[] = [
  ...each(['IN', 'NOT_IN'], 'text', [values('a@x.com'), values('18', 'İ'), values(''), values()]),
  ...each(['IN', 'STR_CONTAINS'], 'text', [{ ...values('A@x.COM', 'i̇'), caseInsensitive: true }]),
  ...each(['STR_STARTS_WITH', 'STR_ENDS_WITH', 'STR_CONTAINS'], 'text', [
    values('a@'),
    values('.com', 'X'),
    values(''),
  ]),
  ...each(['STR_STARTS_WITH', 'STR_ENDS_WITH'], 'text', [{ ...values('A@', 'COM'), caseInsensitive: true }]),
  ...each(['STR_CONTAINS', 'IN'], 'text', [
    { ...values('@'), inverted: true },
    { ...values('18'), inverted: true },
  ]),
  ...each(['NUM_EQ', 'NUM_GT', 'NUM_GTE', 'NUM_LT', 'NUM_LTE'], 'text', ['18', '0', '2.5', '-1'].map(value)),
  ...each(
    ['SEMVER_EQ', 'SEMVER_GT', 'SEMVER_GTE', 'SEMVER_LT', 'SEMVER_LTE'],
    'text',
    ['2.0.0-rc.2', '1.0.0', '2.0.0'].map(value),
  ),
  ...each(['DATE_AFTER', 'DATE_BEFORE'], 'currentTime', ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'].map(value)),
  ...each(['REGEX'], 'text', ['^a', 'com$', '^$', '[0-9]'].map(value)),
  ...each(
    ['IN_CIDR'],
    'remoteAddress',
    NETWORKS.map((all) => values(...all)),
  ),
  ...['userId', 'environment', 'appName', 'sessionId'].flatMap((field) =>
    each(['IN', 'NOT_IN'], field, [values('default'), values('user-1', 'x')]),
  ),
];

const share = (rollout: string, stickiness: string, groupId = 'group') => ({
  name: 'flexibleRollout',
  parameters: { rollout, stickiness, groupId },
});
const STRATEGIES: readonly object[] = [
  ...CONSTRAINTS.map((constraint) => ({ name: 'default', parameters: {}, constraints: [constraint] })),
  ...['user-1,user-2', ' x , default', ''].map((userIds) => ({ name: 'userWithId', parameters: { userIds } })),
  ...NETWORKS.map((all) => ({ name: 'remoteAddress', parameters: { IPs: all.join(',') } })),
  ...['0', '33', '50', '99', '100'].flatMap((rollout) => [share(rollout, 'userId'), share(rollout, 'text')]),
  ...['50', '100'].flatMap((rollout) => [share(rollout, 'default'), share(rollout, 'sessionId', 'other')]),
  ...['33', '66'].flatMap((percentage) => [
    { name: 'gradualRolloutUserId', parameters: { percentage, groupId: 'g' } },
    { name: 'gradualRolloutSessionId', parameters: { percentage, groupId: '' } },
  ]),
];

const CONTEXTS: readonly object[] = [
  ...[...TEXTS, ...VERSIONS, ...OTHERS].map((text, at) => ({
    ...{ userId: `user-${at}`, sessionId: `s-${at}`, environment: 'x', properties: { text } },
  })),
  ...ADDRESSES.map((remoteAddress, at) => ({
    userId: `u${at}`,
    sessionId: 's',
    remoteAddress,
    environment: 'default',
  })),
  ...['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z', '2027-01-01T00:00:00Z'].map((currentTime) => ({
    ...{ userId: 'x', sessionId: 't', currentTime, appName: 'x' },
  })),
  ...[1_767_225_600_000, 1_800_000_000_000].map((currentTime) => ({ userId: 'default', sessionId: 'x', currentTime })),
  ...[
    { userId: 'x', sessionId: '1', text: 'a@x.com', properties: { text: '18' } },
    { userId: '2', sessionId: 'y', text: '18' },
  ],
].map((context) => ({ currentTime: '2026-06-01T00:00:00Z', ...context }));

test('S6: the corners of constraints of Unleash are the same here, and as they are written down', {
  skip,
}, async (t) => {
  const features = STRATEGIES.map((strategy, at) => ({
    name: `f${at}`,
    type: 'release',
    enabled: true,
    strategies: [strategy],
  }));
  const client = await opened(t, { version: 2, features, segments: [] });
  await assertRecorded('unleash', {
    file: { version: 2, features, segments: [] },
    contexts: CONTEXTS,
    answer: (flag, context) => client.isEnabled(flag, context),
  });
});
