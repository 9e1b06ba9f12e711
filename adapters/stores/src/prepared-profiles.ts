import type { ProfilePage, RankedProfile } from '@spillway/control/ports';
import { canonicalise } from '@spillway/core';
import { checkIndexedText, checkPage, MAX_BODY_BYTES } from './prepared-commit.ts';

/** Put at once; PostgreSQL's and SQLite's statements take some tens of thousands of parameters. */
export const MAX_PROFILES_AT_ONCE = 1_000;

/** The attributes' canonical texts. Throws for what is a mistake of the program, as for commits. */
export function prepareProfiles(project: string, profiles: readonly RankedProfile[]): readonly string[] {
  checkIndexedText('project', project);
  if (profiles.length > MAX_PROFILES_AT_ONCE) {
    throw new RangeError(`At most ${MAX_PROFILES_AT_ONCE} profiles go at once, not ${profiles.length}.`);
  }
  return profiles.map(({ key, rank, updated_at_ms, attributes }) => {
    checkIndexedText('key', key);
    checkWhole('rank', rank);
    checkWhole('updated_at_ms', updated_at_ms);
    const text = canonicalise(attributes);
    if (Buffer.byteLength(text, 'utf8') > MAX_BODY_BYTES) {
      throw new RangeError(`The attributes of ${key} are larger than ${MAX_BODY_BYTES} bytes.`);
    }
    return text;
  });
}

/** Of several for one key, the last. */
export function lastOfEach<T extends { readonly key: string }>(rows: readonly T[]): readonly T[] {
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

export function checkProfilePage({ after, prefix, limit }: ProfilePage): void {
  checkPage(limit);
  if (after !== undefined) checkIndexedText('after', after);
  if (prefix !== undefined) checkIndexedText('prefix', prefix);
}

export function checkWhole(place: string, value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${place} must be a whole number, not ${value}.`);
}
