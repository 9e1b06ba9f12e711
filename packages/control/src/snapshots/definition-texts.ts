import { canonicalise } from '@spillway/core';
import { toJson } from '../documents/document.ts';

interface Written {
  readonly definition: object;
  readonly member: string;
}

/**
 * Definitions as members of a JSON object, each written once: most outlive thousands of changes to others. Held by key and
 * not by a WeakMap, whose entries are visited in the one part of a collection of garbage that cannot be divided.
 */
export class DefinitionTexts {
  readonly #written = new Map<string, Written>();

  /** `"key":{…}` in canonical form (RFC 8785); written anew when another object than the last is the definition. */
  member(key: string, definition: object | null): string {
    if (definition === null) {
      this.#written.delete(key);
      return `${JSON.stringify(key)}:null`;
    }
    const known = this.#written.get(key);
    if (known?.definition === definition) return known.member;
    // Joined, because what is added up stays a tree of its pieces, several times as large as the text.
    const member = [JSON.stringify(key), canonicalise(toJson(definition))].join(':');
    this.#written.set(key, { definition, member });
    return member;
  }

  /** Forgets what is not among these. */
  keep(keys: { has(key: string): boolean }): void {
    for (const key of this.#written.keys()) {
      if (!keys.has(key)) this.#written.delete(key);
    }
  }
}
