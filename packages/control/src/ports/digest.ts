/** SHA-256 of the UTF-8 text, in lower-case hex. */
export type Sha256 = (text: string) => string;
