import { type Outcome, type Refusal, refuse } from './refusal.ts';

/** Why what was sound then is not now. `refusal` is what writing it today comes to; ours says which version of what it is about. */
export function cannotRestore(key: string, version: number, { fields = [], message }: Refusal): Outcome<never> {
  const [first] = fields;
  const why = first === undefined ? message : `${first.field} ${first.message}`;
  return refuse('conflict', `Version ${version} of ${key} cannot be restored as things are now: ${why}.`, { fields });
}
