import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { SignatureCheck } from '@spillway/client';
import { createSnapshotMessage } from '@spillway/evaluator/signature';

export interface Verification {
  /** Public keys, one of which must fit. Absent: nothing is verified. */
  readonly verifyWith?: string | readonly string[];
}

/** 32 bytes in unpadded base64url. */
const PUBLIC_KEY = /^[\w-]{43}$/;
/** An issued key names its environment before its secret. */
const ISSUED_KEY = /^spw_sdk_(?<environment>.+)_[\w-]{43}$/;

/** Whether the text may be a public key as `spillway signing-key create` prints it. */
export function isPublicKey(text: unknown): text is string {
  return typeof text === 'string' && PUBLIC_KEY.test(text);
}

/**
 * The part of a platform that verifies; empty where nothing is to be verified. What is no key verifies nothing: where there is
 * no other, everything is refused, because an application that forgot to set its key wants to be safe and not to be stopped.
 */
export function signatureCheck(options: Verification & { readonly sdkKey?: string }): {
  readonly checkSignature?: SignatureCheck;
} {
  // One that is there and undefined is most likely a variable that nobody has set: that must not turn this off.
  if (!Object.hasOwn(options, 'verifyWith')) return {};
  const { verifyWith = [], sdkKey = '' } = options;
  const keys = [verifyWith].flat().filter(isPublicKey).map(keyOf);
  const messageOf = createSnapshotMessage((text) => hash('sha256', text));
  const environment = ISSUED_KEY.exec(sdkKey)?.groups?.environment;
  const checkSignature: SignatureCheck = (snapshot) => {
    const { signature } = snapshot;
    if (keys.length === 0)
      return 'verifyWith holds no public key as `spillway signing-key create` prints it: 43 characters';
    if (signature === undefined) {
      return 'it is not signed; give the server its key (SPILLWAY_SIGNING_KEY_FILE), and renew a relay older than signatures';
    }
    if (environment !== undefined && snapshot.environment !== environment) {
      return `it is of the environment ${snapshot.environment}, and the SDK key of ${environment}`;
    }
    if (isSignedByOne(keys, () => messageOf(snapshot), signature)) return undefined;
    return 'it was changed on its way, or signed with a key that is not in verifyWith';
  };
  return { checkSignature };
}

function keyOf(x: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function isSignedByOne(keys: readonly KeyObject[], messageOf: () => string, signature: string): boolean {
  try {
    const message = Buffer.from(messageOf());
    const bytes = Buffer.from(signature, 'base64url');
    return keys.some((key) => verify(null, message, key, bytes));
  } catch {
    // What has no canonical form has not been signed by anybody.
    return false;
  }
}
