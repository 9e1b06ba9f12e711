/** Stops compiling one definition; caught at that definition's border, where it becomes its answer. */
export function broken(problem: string): never {
  throw new Error(problem);
}

export function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the definition cannot be read';
}
