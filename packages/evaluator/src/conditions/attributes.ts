import type { EvaluationContext } from '../evaluation.ts';

/** Reads one place of a context; undefined or null when it is missing. */
export type Read = (context: EvaluationContext) => unknown;

/** What every object has without being given it; such names are asked for with care, all others are plain loads. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * A context that owns everything it shows: itself if it is a plain object, else a copy of what it owns; undefined when it
 * is no object. Prototypes are compared once here, so that each attribute can be read without asking whose it is.
 */
export function ownContext(context: EvaluationContext): EvaluationContext | undefined {
  if (typeof context !== 'object' || context === null) return undefined;
  // The load lets the engine know the object's shape, which makes asking for its prototype free.
  void context.targetingKey;
  const prototype = Object.getPrototypeOf(context);
  if (prototype === Object.prototype || prototype === null) return context;
  return Array.isArray(context) ? undefined : Object.assign(Object.create(null), context);
}

/** Reads an attribute, and follows `path` inside it where it is an object. The context must be `ownContext`'s. */
export function readerOf(attribute: string, path: readonly string[] = []): Read {
  const first = attributeReader(attribute);
  if (path.length === 0) return first;
  const fields = [...path];
  return (context) => {
    let value = first(context);
    for (const field of fields) {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, field)) {
        return undefined;
      }
      value = Reflect.get(value, field);
    }
    return value;
  };
}

function attributeReader(attribute: string): Read {
  if (INHERITED.has(attribute)) {
    return (context) => (Object.hasOwn(context, attribute) ? context[attribute] : undefined);
  }
  const known = readers.get(attribute);
  if (known !== undefined) return known;
  // A key of an object is interned by the engine, which text from a payload need not be.
  const [name = attribute] = Object.keys({ [attribute]: true });
  const reader = (OWN_READERS[readers.size] ?? sharedReader)(name);
  if (readers.size < OWN_READERS.length) readers.set(name, reader);
  return reader;
}

/**
 * Written out once for each of the names met first, because an engine learns per piece of source text where an attribute
 * stands: a reader that sees one name takes a nanosecond, one that sees many takes seven.
 */
const OWN_READERS: readonly ((name: string) => Read)[] = [
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
  (name) => (context) => context[name],
];
const sharedReader =
  (name: string): Read =>
  (context) =>
    context[name];
const readers = new Map<string, Read>([['targetingKey', (context) => context.targetingKey]]);
