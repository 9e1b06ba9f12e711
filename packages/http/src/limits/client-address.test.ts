import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientAddresses, isNetwork } from './client-address.ts';

test('without trusted proxies nobody is who X-Forwarded-For says', () => {
  const addresses = new ClientAddresses([]);
  assert.equal(addresses.of('203.0.113.9', '198.51.100.1'), '203.0.113.9');
  assert.equal(addresses.of('127.0.0.1', '198.51.100.1, 10.0.0.1'), '127.0.0.1');
});

test('behind trusted proxies it is the last hop that none of them is; what stands before it may be made up', () => {
  const addresses = new ClientAddresses(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
  for (const [peer, forwarded, expected] of [
    ['10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '198.51.100.1, 203.0.113.9, 192.0.2.7', '203.0.113.9'],
    ['fd00::1', '203.0.113.9', '203.0.113.9'],
    ['::ffff:10.1.2.3', '::ffff:203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '203.0.113.9:4711', '203.0.113.9'],
    ['10.1.2.3', '[2001:db8:1:2:3::9]:4711', '2001:db8:1:2::'],
    ['10.1.2.3', undefined, '10.1.2.3'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['10.1.2.3', '203.0.113.9, unknown', '10.1.2.3'],
    ['10.1.2.3', '10.9.9.9', '10.9.9.9'],
    ['192.0.2.8', '203.0.113.9', '192.0.2.8'],
  ] as const) {
    assert.equal(addresses.of(peer, forwarded), expected, `${peer} with ${forwarded}`);
  }
});

test('a household’s IPv6 addresses are one', () => {
  const addresses = new ClientAddresses([]);
  const one = addresses.of('2001:db8:0:7::1', undefined);
  assert.equal(addresses.of('2001:0db8::0007:ffff:1:2:3', undefined), one);
  assert.equal(addresses.of('2001:DB8:0:7:8::', undefined), one);
  assert.notEqual(addresses.of('2001:db8:0:8::1', undefined), one);
  assert.equal(addresses.of('::1', undefined), addresses.of('0:0:0:0:0:0:0:1', undefined));
});

test('a header of any length and any nonsense ends at the peer', () => {
  const addresses = new ClientAddresses(['10.0.0.0/8']);
  assert.equal(addresses.of('10.1.2.3', '10.0.0.1,'.repeat(5_000)), '10.1.2.3');
  assert.equal(addresses.of('10.1.2.3', ',,,'), '10.1.2.3');
  assert.equal(addresses.of('', 'x'), '');
});

test('networks are addresses with or without a length', () => {
  for (const text of ['10.0.0.0/8', '10.0.0.1', '::1', 'fd00::/8', '0.0.0.0/0']) assert.ok(isNetwork(text), text);
  for (const text of [
    '',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0/8',
    'proxy.example',
    '::1/129',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
  ])
    assert.ok(!isNetwork(text), text);
});
