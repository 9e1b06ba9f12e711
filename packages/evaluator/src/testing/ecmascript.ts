/**
 * Whether ECMAScript finds the pattern, with its `u` flag. Tried from each character in turn: looking for a pattern that ends in
 * `$`, V8 starts near the end and passes over a character of two units (`/[^a]$/u.test('😀')` is false there,
 * `/^[^a]$/u.test('😀')` is true).
 */
export function isFound(pattern: string, text: string): boolean {
  const at = new RegExp(pattern, 'uy');
  const characters = [...text];
  return [...characters, ''].some((_, index) => {
    at.lastIndex = characters.slice(0, index).join('').length;
    return at.test(text);
  });
}
