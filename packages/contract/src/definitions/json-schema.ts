import { z } from 'zod';
import * as flags from '../flags/schemas.ts';
import * as segments from '../segments/schemas.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import * as schemas from './schemas.ts';

/** Where the schema is published; a server has it at `GET /api/v1/definitions/schema`. */
export const DEFINITIONS_SCHEMA_ID = 'https://spillway.dev/v1/definitions.schema.json';

type Schema = { [name: string]: unknown };

/** Parts that readers should find by name. */
const NAMED: Readonly<Record<string, z.ZodType>> = {
  Definitions: schemas.definitions,
  Tests: schemas.fixtures,
  Fixture: schemas.fixture,
  FlagEnvironment: flags.flagEnvironmentInput,
  Condition: flags.conditionInput,
  SegmentCondition: flags.condition,
  Strategy: flags.strategy,
  Serve: flags.serve,
  Score: segments.score,
};

/**
 * The file format as JSON Schema draft-07, the newest that editors' YAML servers read. Made from the schemas that check
 * the files, so that the two cannot part.
 */
export function definitionsSchema(): Schema {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { $schema, ...made } = z.toJSONSchema(schemas.definitionsFile, {
    target: 'draft-07',
    io: 'input',
    unrepresentable: 'any',
    metadata: registry,
  }) as Schema;
  return {
    $schema,
    $id: DEFINITIONS_SCHEMA_ID,
    title: 'Spillway definitions',
    description: 'Flags and segments as files: kept in a repository, checked, planned and applied.',
    ...(described(made, '') as Schema),
  };
}

/** Every property with what it means; `part` is the named part, or the property, that it belongs to. */
function described(value: unknown, part: string): unknown {
  if (Array.isArray(value)) return value.map((item) => described(item, part));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name === 'definitions') {
        return [name, mapValues(inner, (schema, id) => described(schema, id))];
      }
      if (name === 'properties') {
        return [
          name,
          mapValues(inner, (schema, property) => withDescription(described(schema, property), part, property)),
        ];
      }
      return [name, described(inner, part)];
    }),
  );
}

function mapValues(value: unknown, change: (inner: unknown, name: string) => unknown): Schema {
  return Object.fromEntries(Object.entries(value as Schema).map(([name, inner]) => [name, change(inner, name)]));
}

function withDescription(schema: unknown, part: string, property: string): unknown {
  const { description, $ref, ...rest } = schema as Schema;
  const text = description ?? DESCRIPTIONS[`${part}.${property}`] ?? DESCRIPTIONS[property];
  if (text === undefined) return schema;
  // Beside `$ref` draft-07 reads nothing.
  return $ref === undefined ? { description: text, ...rest } : { description: text, allOf: [{ $ref }], ...rest };
}
