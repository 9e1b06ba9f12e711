import { parse, YAMLError } from 'yaml';
import { parseJson5 } from './json5.ts';
import { cannotCarry } from './report.ts';

/** JSON text as plain data, with the comments and trailing commas that people leave in it. */
export function readJson(text: string): unknown {
  try {
    return parsed(text);
  } catch (error) {
    if (error instanceof SyntaxError) return cannotCarry(`it is not JSON: ${error.message}`);
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parseJson5(text);
  }
}

/** JSON, or else YAML with anchors and merge keys. */
export function readJsonOrYaml(text: string): unknown {
  if (/^\s*[{[]/.test(text)) {
    try {
      return parsed(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
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
