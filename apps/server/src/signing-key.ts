import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface SigningKey {
  /** As SDKs and relays are given it: 32 bytes in unpadded base64url. */
  readonly publicKey: string;
  /** Ed25519 (RFC 8032) of the UTF-8 text, in unpadded base64url. */
  readonly sign: (text: string) => string;
}

/** The file holds no key to sign with. The message says why, and what would do. */
export class BadSigningKey extends Error {}

/** Reads an Ed25519 private key (PKCS #8 in PEM). Throws `BadSigningKey`. */
export function readSigningKey(path: string): SigningKey {
  const key = privateKeyIn(textOf(path));
  if (key?.asymmetricKeyType !== 'ed25519') {
    throw new BadSigningKey(
      `must name a file with an Ed25519 private key in PEM, which ${path} has not; make one with: spillway signing-key create ${path}.new`,
    );
  }
  return {
    publicKey: String(createPublicKey(key).export({ format: 'jwk' }).x),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64url'),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BadSigningKey(
      `names a file that cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function privateKeyIn(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}
