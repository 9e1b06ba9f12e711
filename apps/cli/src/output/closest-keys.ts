/** Keys are short; what is longer is not compared letter by letter. */
const COMPARED_CHARACTERS_MAX = 100;
const SHOWN_MAX = 3;

/** The keys that somebody may have meant, closest first; none when nothing is like it. */
export function closestKeys(wanted: string, known: Iterable<string>): readonly string[] {
  if (wanted.length > COMPARED_CHARACTERS_MAX) return [];
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const near: { readonly key: string; readonly edits: number }[] = [];
  for (const key of known) {
    const edits = contains(key, wanted) ? 1 : editsBetween(wanted.toLowerCase(), key.toLowerCase(), most);
    if (edits <= most) near.push({ key, edits });
  }
  near.sort((a, b) => a.edits - b.edits || (a.key < b.key ? -1 : 1));
  const best = near[0]?.edits ?? 0;
  const alike = near.filter(({ edits }) => edits <= best + 1);
  return alike.slice(0, SHOWN_MAX).map(({ key }) => key);
}

/** A part of the key, as people remember it; two letters are part of nearly everything. */
function contains(key: string, wanted: string): boolean {
  return wanted.length > 2 && key.toLowerCase().includes(wanted.toLowerCase());
}

/** Letters put in, left out, changed or swapped with their neighbour (optimal string alignment); beyond `most` any larger number. */
function editsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (twoAbove[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    twoAbove = above;
    above = current;
  }
  return above[b.length] ?? 0;
}
