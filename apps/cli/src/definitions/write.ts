import { DEFINITIONS_SCHEMA_ID } from '@spillway/contract/definitions';
import { stringify } from 'yaml';

const LINE_WIDTH = 120;

/** Definitions as a file that editors know the schema of. */
export function definitionsText(definitions: object, form: 'yaml' | 'json'): string {
  if (form === 'json') return `${JSON.stringify({ $schema: DEFINITIONS_SCHEMA_ID, ...definitions }, undefined, 2)}\n`;
  const text = stringify(definitions, { lineWidth: LINE_WIDTH, aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  return `# yaml-language-server: $schema=${DEFINITIONS_SCHEMA_ID}\n${text}`;
}
