import { canonicalise } from '../canonical.ts';
import type { Json } from '../json.ts';

/** SHA-256 of the UTF-8 text, in lower-case hex. */
export type Sha256 = (text: string) => string;

interface Digested {
  readonly definition: object;
  readonly member: string;
}

/**
 * Digests of definitions, each made once: most outlive thousands of changes to others, as the same objects. Held by key and
 * not by a WeakMap, whose entries a collection of garbage visits all at once.
 */
export class DefinitionDigests {
  readonly #sha256: Sha256;
  readonly #known = new Map<string, Digested>();

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  /** `{"key":"digest",…}` in canonical form. What is not among these is forgotten. */
  write(definitions: Readonly<Record<string, object>>): string {
    // The default order is that of UTF-16 code units, which RFC 8785 asks for.
    const keys = Object.keys(definitions).sort();
    const members = keys.map((key) => this.#member(key, definitions[key] ?? {}));
    if (this.#known.size > keys.length) {
      for (const key of this.#known.keys()) if (!Object.hasOwn(definitions, key)) this.#known.delete(key);
    }
    return `{${members.join(',')}}`;
  }

  #member(key: string, definition: object): string {
    const known = this.#known.get(key);
    if (known?.definition === definition) return known.member;
    // Definitions are plain data without undefined values, which the interfaces cannot say in terms of Json.
    const digest = this.#sha256(canonicalise(definition as Json));
    const member = `${canonicalise(key)}:"${digest}"`;
    this.#known.set(key, { definition, member });
    return member;
  }
}
