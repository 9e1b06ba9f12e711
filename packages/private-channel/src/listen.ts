import { chmod, lstat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { ChannelAddress, ListenAddress } from './address.ts';

const LOOPBACK = '127.0.0.1';
const OWNER_ONLY = 0o600;

export async function listen(server: Server, where: ListenAddress, owner: string): Promise<ChannelAddress> {
  if (where.is === 'unix') await removeStaleSocket(where.path, owner);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const ready = () => {
      server.off('error', reject);
      resolve();
    };
    if (where.is === 'unix') server.listen(where.path, ready);
    else server.listen(where.port, LOOPBACK, ready);
  });
  if (where.is === 'unix') {
    await chmod(where.path, OWNER_ONLY);
    return where;
  }
  const address = server.address();
  return { is: 'loopback', host: LOOPBACK, port: typeof address === 'object' && address ? address.port : where.port };
}

/** A socket that nobody answers on is what a killed process left; one that answers, or any other file, is not ours. */
async function removeStaleSocket(path: string, owner: string): Promise<void> {
  const state = await new Promise<'answers' | 'stale' | 'absent'>((resolve) => {
    const attempt = connect(path);
    attempt.once('connect', () => {
      attempt.destroy();
      resolve('answers');
    });
    attempt.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'stale' : 'absent'),
    );
  });
  if (state === 'answers') throw new Error(`Another ${owner} is listening on ${path}.`);
  if (state === 'absent') return;
  if (!(await lstat(path)).isSocket()) throw new Error(`${path} is a file, not a socket. Choose another path.`);
  await unlink(path);
}
