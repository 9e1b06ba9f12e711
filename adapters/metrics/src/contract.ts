import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricSource } from '@spillway/control';
import type { VersionCounters } from '@spillway/core';

export interface MetricSourceUnderTest {
  readonly source: MetricSource;
  /** A service that the source knows, with versions `good` and `bad`. */
  readonly service: string;
  /** Sends one request that the version answers: well by `good`, with 500 by `bad`. Returns when it is over. */
  readonly send: (version: 'good' | 'bad') => Promise<void>;
  /** Makes the source begin anew; absent where it cannot. */
  readonly restart?: () => Promise<void>;
}

const NOTHING: VersionCounters = { requests: 0, errors: 0, latency: {}, in_flight: 0 };

/** What control may rely on, wherever measurements come from. */
export function metricSourceContract(name: string, current: () => MetricSourceUnderTest): void {
  test(`${name}: a service that nobody asked for has no versions`, async () => {
    assert.deepEqual((await current().source.read('contract/unknown')).versions, {});
  });

  test(`${name}: every request is counted once, for its version, with its error and its latency`, async () => {
    const { source, service, send } = current();
    const before = await source.read(service);
    for (let i = 0; i < 7; i++) await send('good');
    for (let i = 0; i < 3; i++) await send('bad');
    const after = await source.read(service);
    assert.equal(after.epoch, before.epoch);
    assert.ok(after.at_ms >= before.at_ms);
    assert.deepEqual(grown(before.versions.good, after.versions.good), { requests: 7, errors: 0, latencies: 7 });
    assert.deepEqual(grown(before.versions.bad, after.versions.bad), { requests: 3, errors: 3, latencies: 3 });
    assert.equal(after.versions.good?.in_flight, 0);
  });

  test(`${name}: counters only grow within an epoch`, async () => {
    const { source, service, send } = current();
    let last = await source.read(service);
    for (let i = 0; i < 5; i++) {
      await send('good');
      const next = await source.read(service);
      assert.equal(next.epoch, last.epoch);
      for (const [version, counters] of Object.entries(last.versions)) {
        const later = next.versions[version];
        assert.ok(later && later.requests >= counters.requests && later.errors >= counters.errors);
        for (const [bucket, count] of Object.entries(counters.latency))
          assert.ok((later.latency[bucket] ?? 0) >= count);
      }
      last = next;
    }
  });

  test(`${name}: a source that began anew says so by its epoch`, async (t) => {
    const { source, service, restart } = current();
    if (!restart) {
      t.skip('this source cannot be started anew here');
      return;
    }
    const before = await source.read(service);
    await restart();
    assert.notEqual((await current().source.read(service)).epoch, before.epoch);
  });
}

function grown(before: VersionCounters = NOTHING, after: VersionCounters = NOTHING) {
  return {
    requests: after.requests - before.requests,
    errors: after.errors - before.errors,
    latencies: sum(after.latency) - sum(before.latency),
  };
}

function sum(latency: VersionCounters['latency']): number {
  return Object.values(latency).reduce((total, count) => total + count, 0);
}
