import { createHmac, hash, randomBytes, randomUUIDv7 } from 'node:crypto';
import type { Clock, Random, Sha256, Signatures } from '@spillway/control';

/** The real clock, randomness and digest: the only place where the control plane gets them from. */

export const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener('abort', wake, { once: true });
    });
  },
};

const SECRET_BYTES = 32;

export const random: Random = {
  id: () => randomUUIDv7(),
  secret: () => randomBytes(SECRET_BYTES).toString('base64url'),
};

export const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

export const signatures: Signatures = {
  hmacSha256: (text, secret) => createHmac('sha256', secret).update(text).digest('base64url'),
  fromBase64url: (encoded) => Buffer.from(encoded, 'base64url').toString(),
};
