import type { Json } from '@spillway/evaluator';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';
import type { DocumentFile } from './document-file.ts';
import { mistakeText, toPlain } from './plain-document.ts';

/** Throws a `Failure` that names the place of the first mistake. */
export function documentOf(path: string, text: string): DocumentFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  return {
    path,
    value: plainValue(document, at),
    place(pointer) {
      const steps = pointer
        .split('/')
        .slice(1)
        .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
      // A field that is missing stands where it should be: at the nearest parent that exists.
      for (let depth = steps.length; depth >= 0; depth--) {
        const node: unknown = depth === 0 ? document.contents : document.getIn(steps.slice(0, depth), true);
        const start = startOf(node);
        if (start !== undefined) return { at: at(start), field: pointer === '' ? '/' : pointer };
      }
      return undefined;
    },
  };
}

function plainValue(document: Document, at: (offset: number) => string): Json {
  const [error] = document.errors;
  if (error !== undefined) throw new Failure(`${at(error.pos[0])} ${mistakeText(error)}`, EXIT.invalid);
  if (document.contents === null) {
    throw new Failure(`${at(0)} is empty; write what it should hold as YAML or JSON`, EXIT.invalid);
  }
  const plain = toPlain(document);
  if (plain.ok) return plain.value;
  const field = plain.field === '' ? '' : `${plain.field}: `;
  throw new Failure(`${at(plain.offset)} ${field}${plain.message}`, EXIT.invalid);
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return typeof node.range[0] === 'number' ? node.range[0] : undefined;
}
