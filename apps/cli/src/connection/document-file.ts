import { createReadStream } from 'node:fs';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, type Source } from '../output/failure.ts';

/** A YAML or JSON file as a value, with the way back from a JSON Pointer to its place in the file. */
export interface DocumentFile extends Source {
  readonly value: unknown;
}

const MAX_FILE_BYTES = 1_048_576;
const MAX_ALIASES = 100;

/** `-` is standard input. Throws a `Failure` when it cannot be read as a document. */
export async function readDocumentFile(path: string): Promise<DocumentFile> {
  const text = await readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new Failure(`${path}:${line}:${col} cannot be read: ${error.message}`, EXIT.invalid);
  }
  return {
    path,
    value: parsedValue(document, path),
    place(pointer) {
      const steps = pointer
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
      // A field that is missing stands where it should be: at the nearest parent that exists.
      for (let depth = steps.length; depth >= 0; depth--) {
        const node: unknown = depth === 0 ? document.contents : document.getIn(steps.slice(0, depth), true);
        const start = startOf(node);
        if (start === undefined) continue;
        const { line, col } = lines.linePos(start);
        return { at: `${path}:${line}:${col}`, field: pointer === '' ? '/' : pointer };
      }
      return undefined;
    },
  };
}

function parsedValue(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(`${path} cannot be read: ${reason}`, EXIT.invalid);
  }
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return typeof node.range[0] === 'number' ? node.range[0] : undefined;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it is not yours to read',
};

async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    const stream: AsyncIterable<Buffer> = path === '-' ? process.stdin : createReadStream(path);
    for await (const chunk of stream) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_FILE_BYTES) throw new Failure(`${path} is larger than ${MAX_FILE_BYTES} bytes.`, EXIT.invalid);
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
    throw new Failure(`Cannot read ${path}: ${reason}.`, EXIT.usage);
  }
  return Buffer.concat(chunks).toString();
}
