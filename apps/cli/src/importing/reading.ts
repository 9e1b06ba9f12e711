import { parse, YAMLError } from 'yaml';
import { cannotCarry } from './report.ts';

/** JSON text as plain data. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return cannotCarry(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** JSON, or else YAML with anchors and merge keys. */
export function readJsonOrYaml(text: string): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return JSON.parse(text);
    } catch {
      // A flow map of YAML begins like JSON.
    }
  }
  try {
    return parse(text, { merge: true, logLevel: 'error', prettyErrors: false });
  } catch (error) {
    if (error instanceof YAMLError || error instanceof ReferenceError) {
      return cannotCarry(`it is neither JSON nor YAML: ${error.message}`);
    }
    throw error;
  }
}
