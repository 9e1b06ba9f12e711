import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, startTcpBackend } from '../testing/index.ts';
import type { Call, CallFailure } from './call.ts';
import { CONNECTIONS_PER_INSTANCE_MAX, InstanceRegistry } from './instance.ts';

function call(onFailure: (failure: CallFailure) => void, onHead: () => void): Call {
  return {
    isHead: false,
    head: 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n',
    body: undefined,
    isChunked: false,
    onBodyWanted: () => undefined,
    onInformation: () => undefined,
    onHead,
    onPiece: () => undefined,
    onPause: () => undefined,
    onWhole: () => undefined,
    onFailure,
  };
}

test('a call that finds every connection taken by endless answers does not wait for ever', async () => {
  const backend = await startTcpBackend((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n'));
  });
  const registry = new InstanceRegistry({ connectMs: 5_000, answerMs: 1_500, silenceMs: 60_000 });
  const instance = registry.hold(backend.url);
  let answering = 0;
  const failures: CallFailure[] = [];
  for (let i = 0; i < CONNECTIONS_PER_INSTANCE_MAX; i += 1) {
    instance.send(
      call(
        (failure) => failures.push(failure),
        () => (answering += 1),
      ),
    );
    if (i % 64 === 63) await eventually(() => answering > i, 'all answers have begun', 5_000);
  }
  assert.deepEqual(failures, []);
  const late: CallFailure[] = [];
  instance.send(
    call(
      (failure) => late.push(failure),
      () => undefined,
    ),
  );
  await eventually(() => late.length > 0, 'the late call has failed', 5_000);
  assert.deepEqual(late, ['timeout']);
  registry.destroy();
  await backend.close();
});
