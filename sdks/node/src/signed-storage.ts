import { createHmac } from 'node:crypto';
import type { Storage } from '@spillway/client';

const FORMAT = 'spillway.cache/1';

/**
 * Signs what is stored with the SDK key, and reads nothing else: not what another key has written, nor what somebody without the
 * key, or the disk, has changed since.
 */
export function signedStorage(storage: Storage, sdkKey: string): Storage {
  const headOf = (text: string) => `${FORMAT} ${createHmac('sha256', sdkKey).update(text, 'utf8').digest('hex')}\n`;
  return {
    async read() {
      const stored = await storage.read();
      if (stored === undefined) return undefined;
      const text = stored.slice(stored.indexOf('\n') + 1);
      if (stored !== `${headOf(text)}${text}`) throw new Error('it is damaged, or not signed with this SDK key');
      return text;
    },
    write: async (text) => storage.write(`${headOf(text)}${text}`),
  };
}
