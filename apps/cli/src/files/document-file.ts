import type { Json } from '@spillway/evaluator';
import { placeText } from '../definitions/finding.ts';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, type Source } from '../output/failure.ts';
import { readSourceText } from './source-text.ts';

/** A YAML or JSON file as a value, with the way back from a JSON Pointer to its place in the file. */
export interface DocumentFile extends Source {
  readonly value: Json;
}

const MAX_FILE_BYTES = 1_048_576;

/** `-` is standard input. Throws a `Failure` when it cannot be read as a document. */
export async function readDocumentFile(path: string): Promise<DocumentFile> {
  const text = await readText(path);
  // Commands without a file need not wait for the parser.
  const { documentOf } = await import('./document.ts');
  return documentOf(path, text);
}

async function readText(path: string): Promise<string> {
  const source = await readSourceText(path, MAX_FILE_BYTES);
  if (source.ok) return source.text;
  const { place, message } = source.finding;
  if (source.because === 'absent') throw new Failure(`${path} ${message}.`, EXIT.usage);
  throw new Failure(`${placeText(place)} ${message}`, EXIT.invalid);
}
