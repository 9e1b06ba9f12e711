import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';
import type { GeneratedFlag } from './generated-flag.ts';

const TYPES = { boolean: 'boolean', string: 'string', number: 'number', json: 'Json' } as const;

/** A module of functions that ask `@spillway/node`. */
export function writeTypeScript(flags: readonly GeneratedFlag[]): string {
  const members = named(flags).map(([name, flag]) => {
    const { key, type, fallback } = flag;
    const question = `client.${type}(${JSON.stringify(key)}, context, ${JSON.stringify(fallback)})`;
    return `${comment(flag, '    ')}    ${name}: (context: EvaluationContext): ${TYPES[type]} => ${question},\n`;
  });
  const types = flags.some(({ type }) => type === 'json')
    ? 'Client, EvaluationContext, Json'
    : 'Client, EvaluationContext';
  const imports = `import type { ${types} } from '@spillway/node';`;
  return `${HEADER('ts')}\n${imports}\n\nexport function flagsOf(client: Client) {\n  return {\n${members.join('')}  };\n}\n`;
}

/** A module of hooks over `@spillway/react`. */
export function writeReact(flags: readonly GeneratedFlag[]): string {
  const hooks = named(flags).map(([name, flag]) => {
    const hook = `use${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const question = `useFlag<${TYPES[flag.type]}>(${JSON.stringify(flag.key)}, ${JSON.stringify(flag.fallback)})`;
    return `\n${comment(flag, '')}export const ${hook} = () => ${question};\n`;
  });
  const json = flags.some(({ type }) => type === 'json') ? 'type Json, ' : '';
  return `${HEADER('react')}\nimport { ${json}useFlag } from '@spillway/react';\n${hooks.join('')}`;
}

const FLAG_TYPES = { boolean: 'boolean', string: 'string', number: 'float', json: 'object' } as const;

/** OpenFeature's manifest, from which its own command generates code for other languages. */
export function writeManifest(flags: readonly GeneratedFlag[]): string {
  const entries = flags.map(({ key, type, description, fallback }) => {
    return [key, { flagType: FLAG_TYPES[type], defaultValue: fallback, description }];
  });
  return `${JSON.stringify({ flags: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

const HEADER = (form: string) => `// Made by \`spillway generate ${form}\`. Changes are lost when it is made again.`;

function comment({ description, deprecated }: GeneratedFlag, indent: string): string {
  const told = description.replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ').trim();
  const parts = [told, deprecated === undefined ? '' : `@deprecated ${deprecated}`].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${indent}/** ${parts.join(' ')} */\n`;
}

function named(flags: readonly GeneratedFlag[]): [string, GeneratedFlag][] {
  const names = new Map<string, GeneratedFlag>();
  for (const flag of flags) {
    const name = identifierOf(flag.key);
    const taken = names.get(name);
    if (taken !== undefined) {
      throw new Failure(`The flags ${taken.key} and ${flag.key} would both be called ${name}.`, EXIT.conflict);
    }
    names.set(name, flag);
  }
  return [...names];
}

function identifierOf(key: string): string {
  const name = key.replaceAll(/[^a-zA-Z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase());
  return /^[a-zA-Z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : `flag${name}`;
}
