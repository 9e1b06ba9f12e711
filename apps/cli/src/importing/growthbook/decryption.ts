import { createDecipheriv } from 'node:crypto';
import { cannotCarry } from '../report.ts';
import type { Source } from '../source.ts';

/** What a payload has encrypted, and what it is once it is read. */
const PARTS = {
  encryptedFeatures: 'features',
  encryptedSavedGroups: 'savedGroups',
  encryptedContextualBandits: 'contextualBandits',
} as const;

/** The payload with its encrypted parts in the clear. `key` is what GrowthBook shows for the SDK connection, in base64. */
export function decrypted(file: Source, key: string): Source {
  const parts = Object.entries(PARTS).flatMap(([name, plain]) => {
    const text = file[name];
    return typeof text === 'string' && text !== '' ? [[plain, partOf(text, key)] as const] : [];
  });
  return { ...file, ...Object.fromEntries(parts) };
}

const BITS_PER_BYTE = 8;

/** Base64 of the initialisation vector, a full stop, base64 of JSON under AES in CBC mode. */
function partOf(text: string, key: string): unknown {
  const [vector = '', encrypted = ''] = text.split('.');
  const secret = Buffer.from(key.trim(), 'base64');
  try {
    const algorithm = `aes-${secret.length * BITS_PER_BYTE}-cbc`;
    const decipher = createDecipheriv(algorithm, secret, Buffer.from(vector, 'base64'));
    const bytes = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()]);
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return cannotCarry('it cannot be decrypted with this key');
  }
}
