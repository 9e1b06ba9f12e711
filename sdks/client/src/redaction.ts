import type { EvaluationContext } from '@spillway/evaluator';
import type { Platform } from './platform.ts';
import type { SampleTerms } from './sample-terms.ts';

/** Larger contexts are not told of: a sample is no archive. */
export const MAX_CONTEXT_CHARACTERS = 4_096;
/** Servers bound how much one body may hold, whatever its size. */
const MAX_BRACKETS = 60;
const MAX_COMMAS = 300;

/** A context as it was when it was looked at; applications may change theirs afterwards. */
export interface Copied {
  readonly key: string;
  /** JSON, without private attributes. */
  readonly text: string;
}

/** Undefined for what is too large or cannot be written down. Never throws, whatever objects an application hands over. */
export function copyOf(context: EvaluationContext, key: string, isPrivate: readonly string[]): Copied | undefined {
  try {
    const open: Record<string, unknown> = {};
    for (const name of Object.keys(context)) if (!isPrivate.includes(name)) open[name] = context[name];
    const text = JSON.stringify(open);
    return isSmall(text) ? { key, text } : undefined;
  } catch {
    return undefined;
  }
}

/** The context as it may leave: under `hashed` a digest stands wherever the targeting key stood. */
export async function redacted(
  { key, text }: Copied,
  { recent_contexts, salt }: SampleTerms,
  sha256: Platform['sha256'],
): Promise<EvaluationContext> {
  if (recent_contexts === 'full') return JSON.parse(text);
  if (sha256 === undefined) return {};
  // As the server makes it of a key that is to be deleted.
  const digest = await sha256(`${salt}${await sha256(`${salt}${key}`)}`);
  return JSON.parse(text, (_, value: unknown) => (value === key ? digest : value));
}

function isSmall(text: string): boolean {
  if (text.length > MAX_CONTEXT_CHARACTERS) return false;
  let brackets = 0;
  let commas = 0;
  for (const letter of text) {
    if (letter === '{' || letter === '[') brackets += 1;
    else if (letter === ',') commas += 1;
  }
  return brackets <= MAX_BRACKETS && commas <= MAX_COMMAS;
}
