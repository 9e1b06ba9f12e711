import type { Environment } from '../documents.ts';

/** What most projects call the environment where their users are. */
const USUAL = 'production';

/** Where somebody is who did not say: with the users, whose flags are looked at most. */
export function preferredEnvironment(environments: readonly Environment[]): Environment | undefined {
  const guarded = environments.filter((environment) => environment.protected);
  return guarded.find(({ key }) => key === USUAL) ?? guarded[0] ?? environments[0];
}
