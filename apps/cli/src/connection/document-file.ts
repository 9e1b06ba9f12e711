import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';

/** A YAML or JSON file as a value, with the way back from a JSON Pointer to `file:line:column`. */
export interface DocumentFile {
  readonly value: unknown;
  place(pointer: string): string | undefined;
}

const MAX_FILE_BYTES = 1_048_576;

export function readDocumentFile(path: string): DocumentFile {
  const text = readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const at = error.linePos?.[0];
    throw new Failure(`${path}:${at?.line ?? 1}:${at?.col ?? 1}: ${error.message.split('\n')[0]}`, EXIT.invalid);
  }
  return {
    value: document.toJS({ maxAliasCount: 100 }),
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
        return `${path}:${line}:${col} ${pointer}`;
      }
      return undefined;
    },
  };
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return typeof node.range[0] === 'number' ? node.range[0] : undefined;
}

function readText(path: string): string {
  try {
    const text = readFileSync(path === '-' ? 0 : path, 'utf8');
    if (text.length <= MAX_FILE_BYTES) return text;
  } catch (error) {
    throw new Failure(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, EXIT.usage);
  }
  throw new Failure(`${path} is larger than ${MAX_FILE_BYTES} bytes.`, EXIT.invalid);
}
