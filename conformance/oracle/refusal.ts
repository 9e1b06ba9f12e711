/** A definition that cannot be understood; caught where the definition is somebody's answer. */
export class Unreadable extends Error {}

export function unreadable(problem: string): never {
  throw new Unreadable(problem);
}

/** What `read` gives, or undefined when it meets something unreadable. */
export function readable<T>(read: () => T): { readonly found: T } | { readonly problem: string } {
  try {
    return { found: read() };
  } catch (error) {
    if (error instanceof Unreadable) return { problem: error.message };
    throw error;
  }
}
