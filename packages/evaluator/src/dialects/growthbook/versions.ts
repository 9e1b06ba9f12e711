const DIGITS = /^[0-9]+$/;
const CORE_PARTS = 3;
const WIDTH = 5;

/**
 * A version as text that sorts as GrowthBook compares versions: numbers padded to one width, and a release behind its
 * pre-releases. What is no version sorts as 0.
 */
export function sortableVersion(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  const version = typeof text === 'string' && text !== '' ? text : '0';
  const parts = version.replace(/(^v|\+.*$)/g, '').split(/[-.]/);
  if (parts.length === CORE_PARTS) parts.push('~');
  return parts.map((part) => (DIGITS.test(part) ? part.padStart(WIDTH, ' ') : part)).join('-');
}
