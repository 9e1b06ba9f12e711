/** Where a value stands in a context: an attribute by its exact name, and fields to follow inside it. */
export interface AttributePath {
  readonly attribute: string;
  readonly path?: readonly string[];
}

const SEPARATOR = ' → ';

/** `organisation → plan`; a dot means nothing, as to the evaluator. */
export function formatAttribute({ attribute, path = [] }: AttributePath): string {
  return [attribute, ...path].join(SEPARATOR);
}
