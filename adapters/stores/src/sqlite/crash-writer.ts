import { writeSync } from 'node:fs';
import { sha256 } from '../contract.ts';
import { openSqliteStore } from './sqlite-store.ts';

const [file, round] = process.argv.slice(2);
if (file === undefined || round === undefined) throw new Error('usage: crash-writer.ts <file> <round>');
const WRITERS = 8;

/** For the crash test: commits as fast as it can and says what was acknowledged, until it is killed. */
const store = await openSqliteStore({ file, sha256 });
await Promise.all(
  Array.from({ length: WRITERS }, async (_, writer) => {
    const key = `round-${round}.writer-${writer}`;
    for (let version = 0; ; version += 1) {
      const outcome = await store.commit({
        ...{ project: 'default', at_ms: version, actor: 'writer', reason: '' },
        writes: [{ noun: 'flags', key, expected: version, after: { version: version + 1 }, action: 'flag.updated' }],
      });
      if (outcome.is !== 'committed') throw new Error(`refused: ${outcome.is}`);
      // Written before anything else happens: an acknowledgement that is still in a buffer would be lost with the process.
      writeSync(1, `${key} ${version + 1}\n`);
    }
  }),
);
