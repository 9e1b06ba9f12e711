const MAX_DESCRIPTION_LENGTH = 2_000;

/** What a flag is described by here, of texts that may do it: the first that says something and is not too long. */
export function describedBy(...texts: readonly unknown[]): { readonly description?: string } {
  const isTelling = (text: unknown): text is string =>
    typeof text === 'string' && text.trim() !== '' && text.length <= MAX_DESCRIPTION_LENGTH;
  const description = texts.find(isTelling);
  return description === undefined ? {} : { description };
}
