import type { ReadStream } from 'node:tty';
import type { Client } from '@spillway/contract/client';
import type { Rollout } from '../output/rollout-view.ts';

/** What a person at the terminal can do to the rollout they watch. */
export interface Keys {
  /** Waits, shorter when a key is pressed; `quit` when the person wants to leave. */
  pause(ms: number): Promise<'quit' | 'go_on'>;
  /** What can be pressed now, and what came of the last key. */
  hint(rollout: Rollout): string;
  /** Gives the terminal back as it was. */
  close(): void;
}

export const noKeys: Keys = {
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms, 'go_on')),
  hint: () => '',
  close() {},
};

const INTERRUPT = '\u0003';
/** How long the answer to a key stays beside the keys. */
const NOTE_MS = 4_000;

type Deed = 'promoteRollout' | 'pauseRollout' | 'resumeRollout' | 'abortRollout';

/** p promotes, s pauses and resumes, a aborts once confirmed, q leaves. */
export function watchKeys(client: Client, key: string, input: ReadStream): Keys {
  let status: Rollout['status'] = 'progressing';
  let isAsking = false;
  let isLeaving = false;
  let note = { text: '', until: 0 };
  let wake = () => {};

  async function send(deed: Deed, done: string): Promise<void> {
    const answer = await client.call(deed, { params: { key }, body: {} });
    note = { text: answer.ok ? done : answer.problem.detail, until: performance.now() + NOTE_MS };
    wake();
  }

  function press(pressed: string): void {
    if (pressed === INTERRUPT || pressed === 'q') isLeaving = true;
    else if (isAsking) {
      isAsking = false;
      if (pressed.toLowerCase() === 'y') void send('abortRollout', 'Aborted: all traffic goes back.');
    } else if (pressed === 'a') isAsking = true;
    else if (pressed === 'p') void send('promoteRollout', 'Promoted: it goes to the next step.');
    else if (pressed === 's' && status === 'paused') void send('resumeRollout', 'Resumed.');
    else if (pressed === 's') void send('pauseRollout', 'Paused: it stays at this step.');
    wake();
  }

  const listen = (chunk: Buffer) => {
    for (const pressed of chunk.toString()) press(pressed);
  };
  input.setRawMode(true);
  input.on('data', listen);
  return {
    async pause(ms) {
      if (!isLeaving) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return isLeaving ? 'quit' : 'go_on';
    },
    hint(rollout) {
      status = rollout.status;
      if (isAsking) return `Abort ${key} and send all traffic back? [y]es [n]o`;
      const keys =
        status === 'rolling_back'
          ? '[q]uit'
          : `[p]romote [s] ${status === 'paused' ? 'resume' : 'pause'} [a]bort [q]uit`;
      return performance.now() < note.until ? `${note.text}\n  ${keys}` : keys;
    },
    close() {
      input.off('data', listen);
      input.setRawMode(false);
      input.pause();
    },
  };
}
