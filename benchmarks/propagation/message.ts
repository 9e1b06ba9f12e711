import type { ChildProcess } from 'node:child_process';

/** The next message of this kind; rejects when the process ends first, or says nothing of it in time. */
export function message<M extends { readonly is: string }, K extends M['is']>(
  from: ChildProcess,
  is: K,
  withinMs: number,
): Promise<Extract<M, { is: K }>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => finish(new Error(`the fleet did not say "${is}" in ${withinMs} ms`)), withinMs);
    const ended = () => finish(new Error('the fleet ended'));
    const finish = (outcome: Extract<M, { is: K }> | Error) => {
      clearTimeout(timer);
      from.off('message', listen).off('exit', ended);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    };
    const listen = (received: M) => {
      if (received.is === is) finish(received as Extract<M, { is: K }>);
    };
    from.on('message', listen).once('exit', ended);
  });
}
