/** SHA-256 of the UTF-8 text, in lower-case hex. */
export type Sha256 = (text: string) => string;

/** What reading and checking JSON Web Signatures (RFC 7515) takes. */
export interface Signatures {
  /** HMAC-SHA-256 (RFC 2104) of the UTF-8 text under the UTF-8 secret, in unpadded base64url. */
  hmacSha256(text: string, secret: string): string;
  /** The UTF-8 text of unpadded base64url; of whatever else, some text or other. */
  fromBase64url(encoded: string): string;
}

/** Signs the UTF-8 text with the control plane's own key: Ed25519 (RFC 8032) in unpadded base64url. */
export type Sign = (text: string) => string;
