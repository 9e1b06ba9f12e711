import type { FlagRule } from '../flags/flag.ts';

/** An id that the server made up tells a person nothing. */
const MADE_UP = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id, where a person chose it. */
export function chosenId(id: string): string | undefined {
  return MADE_UP.test(id) ? undefined : id;
}

/** What a rule is called: what it is for, its id, or its place. */
export function ruleName({ description = '', id }: Pick<FlagRule, 'id' | 'description'>, place: number): string {
  return description === '' ? (chosenId(id) ?? `Rule ${place}`) : description;
}
