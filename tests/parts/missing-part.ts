/** Why a test that needs a real part is skipped, for node:test's `skip`; `false` runs it. */
export type Skip = string | false;

/**
 * A part that this machine cannot run skips the tests that need it, with what to do about it. In CI (`CI=true`) it is an
 * error instead: a green run there means that these tests ran.
 */
export function missing(part: string, fault: unknown, remedy: string): string {
  const why = fault instanceof Error ? fault.message : String(fault);
  const message = `${part} could not be started: ${why.trim()}. ${remedy}`;
  if (process.env.CI === 'true') throw new Error(message, { cause: fault });
  return message;
}
