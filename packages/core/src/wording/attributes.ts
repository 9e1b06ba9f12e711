/** Where a value stands in a context: an attribute by its exact name, and fields to follow inside it. */
export interface AttributePath {
  readonly attribute: string;
  readonly path?: readonly string[];
}

const SEPARATOR = ' → ';
/** `->` is what a keyboard has. */
const SEPARATORS = /\s*(?:→|->)\s*/;

/** `organisation → plan`; a dot means nothing, as to the evaluator. */
export function formatAttribute({ attribute, path = [] }: AttributePath): string {
  return [attribute, ...path].join(SEPARATOR);
}

/** Reads what a person typed; undefined when a name is missing. */
export function parseAttribute(text: string): AttributePath | undefined {
  const [attribute = '', ...path] = text.trim().split(SEPARATORS);
  if (attribute === '' || path.includes('')) return undefined;
  return path.length === 0 ? { attribute } : { attribute, path };
}
