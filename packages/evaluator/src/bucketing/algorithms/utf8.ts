/** A text's UTF-8 bytes; half of a surrogate pair alone becomes U+FFFD, as encoders everywhere have it. */
export function utf8Of(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continued(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continued(code >> 6), continued(code));
    else bytes.push(0xf0 | (code >> 18), continued(code >> 12), continued(code >> 6), continued(code));
  }
  return bytes;
}

function continued(code: number): number {
  return 0x80 | (code & 0x3f);
}
