/** What an environment lets its applications tell of whom they are asked for. */
export interface SampleTerms {
  readonly recent_contexts: 'hashed' | 'full';
  /** Attributes that stay in the application. */
  readonly private_attributes: readonly string[];
  /** What ranks are made with, and digests of targeting keys. */
  readonly salt: string;
  /** Contexts of higher ranks are not kept; absent while there is room. */
  readonly upto?: number;
}

/** Reads the answer to a summary; whatever is not understood to its last part allows nothing. */
export function readTerms(answer: unknown): SampleTerms | undefined {
  const terms = isObject(answer) ? answer.contexts : undefined;
  if (!isObject(terms)) return undefined;
  const { recent_contexts, private_attributes, salt, upto } = terms;
  if (recent_contexts !== 'hashed' && recent_contexts !== 'full') return undefined;
  if (typeof salt !== 'string' || salt === '' || !isNames(private_attributes)) return undefined;
  if (upto !== undefined && typeof upto !== 'number') return undefined;
  return { recent_contexts, private_attributes, salt, ...(upto === undefined ? {} : { upto }) };
}

/** Whether the server takes sketches of users; an older one does not know them. */
export function wantsUsers(answer: unknown): boolean {
  return isObject(answer) && answer.unique_users === true;
}

/** Whether what may be told under one may be told under the other; how many are wanted makes no difference. */
export function sameTerms(one: SampleTerms | undefined, other: SampleTerms | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.recent_contexts === other.recent_contexts &&
    one.salt === other.salt &&
    one.private_attributes.length === other.private_attributes.length &&
    one.private_attributes.every((name, index) => name === other.private_attributes[index])
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
