import { z } from 'zod';
import * as access from '../access/schemas.ts';
import * as audit from '../audit/schemas.ts';
import * as definitions from '../definitions/schemas.ts';
import * as environments from '../environments/schemas.ts';
import * as evaluation from '../evaluation/schemas.ts';
import { json } from '../fields.ts';
import * as lifecycle from '../flags/lifecycle.ts';
import * as flags from '../flags/schemas.ts';
import * as history from '../history/schemas.ts';
import * as manifest from '../manifest/schemas.ts';
import * as observations from '../observations/schemas.ts';
import * as ofrep from '../ofrep/schemas.ts';
import * as preview from '../preview/schemas.ts';
import * as profiles from '../profiles/schemas.ts';
import * as rollouts from '../rollouts/schemas.ts';
import type { Route } from '../route.ts';
import * as segments from '../segments/schemas.ts';
import * as services from '../services/schemas.ts';
import * as switches from '../switches/schemas.ts';

/** Schemas that readers should find by name; all others are written out where they are used. */
const NAMED = {
  Json: json,
  Context: evaluation.context,
  Evaluation: evaluation.evaluation,
  ExplainedEvaluation: evaluation.explainedEvaluation,
  Trace: evaluation.trace,
  ConditionTrace: evaluation.conditionTrace,
  Usage: observations.usage,
  Preview: preview.preview,
  SegmentPreview: preview.segmentPreview,
  SegmentTrace: evaluation.segmentTrace,
  Evaluations: evaluation.evaluations,
  OfrepFailure: ofrep.ofrepFailure,
  ManifestFlag: manifest.manifestFlag,
  Flag: flags.flag,
  ListedFlag: lifecycle.listedFlag,
  CodeReferencesInput: lifecycle.codeReferencesInput,
  FlagInput: flags.flagInput,
  NewFlag: flags.newFlag,
  DefinedFlag: definitions.definedFlag,
  DefinedSegment: definitions.definedSegment,
  FlagEnvironment: flags.flagEnvironment,
  FlagEnvironmentInput: flags.flagEnvironmentInput,
  Condition: flags.condition,
  ConditionInput: flags.conditionInput,
  Serve: flags.serve,
  Segment: segments.segment,
  SegmentInput: segments.segmentInput,
  Estimate: segments.estimate,
  Overlap: segments.overlap,
  Profile: profiles.profileWithSegments,
  ProfilePage: profiles.profilePage,
  Stages: flags.stages,
  Ramp: flags.ramp,
  Prerequisite: flags.prerequisite,
  Strategy: flags.strategy,
  KillSwitch: switches.killSwitch,
  KillSwitchInput: switches.killSwitchInput,
  Service: services.service,
  ServiceInput: services.serviceInput,
  ServiceStatus: services.serviceStatus,
  VersionSpec: services.versionSpec,
  RolloutPlan: rollouts.rolloutPlan,
  Rollout: rollouts.rollout,
  Environment: environments.environment,
  Token: access.token,
  IssuedToken: access.issuedToken,
  Session: access.session,
  Comparison: history.comparison,
  LogEntry: audit.logEntry,
  Verification: audit.verification,
} satisfies Readonly<Record<string, z.ZodType>>;

export type Schema = Readonly<Record<string, unknown>>;
export type Direction = 'input' | 'output';

export interface Components {
  readonly named: Readonly<Record<string, Schema>>;
  /** One of the routes' schemas in place, with named parts as references. */
  schemaOf(schema: z.ZodType, direction: Direction): Schema;
}

/**
 * All schemas of these routes as JSON Schema, in one pass per direction. What is sent may leave out what has a default,
 * so a name has a second component `<Name>Sent` where the two directions differ.
 */
export function createComponents(routes: readonly Route[]): Components {
  const incoming = routes.flatMap(taken);
  const outgoing = routes.flatMap(({ success }) => success.body ?? []);
  const sent = convert('input', incoming);
  const answered = convert('output', outgoing);
  const same = alike(sent.named, answered.named);
  const rename = (schema: Schema) => renameReferences(schema, same);
  const all = { ...answered.named, ...sent.named };
  const named = Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => !same.has(name))
      .map(([name, schema]) => [name, rename(schema)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const used = [
    ...incoming.map((schema) => rename(sent.inPlace.get(schema) ?? {})),
    ...outgoing.map((schema) => rename(answered.inPlace.get(schema) ?? {})),
  ];
  return {
    named: reachable(named, used),
    schemaOf(schema, direction) {
      const found = (direction === 'input' ? sent : answered).inPlace.get(schema);
      if (found === undefined) throw new Error('asked for a schema that belongs to no route');
      return rename(found);
    },
  };
}

function taken({ params, query, body }: Route): readonly z.ZodType[] {
  const fields = [params, query].flatMap((schema) => (schema === undefined ? [] : Object.values(schema.shape)));
  return [...(fields as readonly z.ZodType[]), ...(body === undefined ? [] : [body])];
}

const REFERENCE = '#/components/schemas/';

interface Converted {
  readonly named: Readonly<Record<string, Schema>>;
  readonly inPlace: ReadonlyMap<z.ZodType, Schema>;
}

function convert(direction: Direction, schemas: readonly z.ZodType[]): Converted {
  const registry = z.registry<{ id: string }>();
  const names = new Map<z.ZodType, string>();
  for (const [name, schema] of Object.entries<z.ZodType>(NAMED)) {
    names.set(schema, direction === 'output' || name.endsWith('Input') ? name : `${name}Sent`);
  }
  const known = new Set(names.values());
  for (const schema of schemas) if (!names.has(schema)) names.set(schema, `in-place-${names.size}`);
  for (const [schema, id] of names) registry.add(schema, { id });
  const { schemas: made } = z.toJSONSchema(registry, {
    io: direction,
    uri: (id) => `${REFERENCE}${id}`,
    unrepresentable: 'any',
  });
  // A field that several routes share is a reference of its own by now: written out again where it is used.
  const expand = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(expand);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, ...rest } = value as Record<string, unknown>;
    const id = typeof $ref === 'string' ? $ref.slice(REFERENCE.length) : undefined;
    if (id !== undefined && !known.has(id)) return expand({ ...strip(made[id] ?? {}), ...rest });
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, expand(child)]));
  };
  const named = [...known].map((id) => [id, expand(strip(made[id] ?? {})) as Schema] as const);
  const inPlace = [...names].map(([schema, id]) => {
    const written = known.has(id) ? { $ref: `${REFERENCE}${id}` } : expand(strip(made[id] ?? {}));
    return [schema, written as Schema] as const;
  });
  return { named: Object.fromEntries(named), inPlace: new Map(inPlace) };
}

/** Without the members that only make sense in a document of its own. */
function strip(schema: object): Schema {
  const { $schema: _, $id: __, id: ___, '~standard': ____, ...rest } = schema as Record<string, unknown>;
  return rest;
}

/** The sent forms that say the same as the answered ones, with the name to use instead. */
function alike(
  sent: Readonly<Record<string, Schema>>,
  answered: Readonly<Record<string, Schema>>,
): ReadonlyMap<string, string> {
  const same = new Map<string, string>();
  for (const name of Object.keys(sent)) {
    const plain = name.replace(/Sent$/, '');
    if (plain !== name && answered[plain] !== undefined) same.set(name, plain);
  }
  // Assume all alike, and take back each that differs, until nothing changes: recursive schemas need the assumption.
  for (let before = -1; before !== same.size; ) {
    before = same.size;
    for (const [name, plain] of [...same]) {
      const renamed = JSON.stringify(renameReferences(sent[name] ?? {}, same));
      if (renamed !== JSON.stringify(answered[plain])) same.delete(name);
    }
  }
  return same;
}

function renameReferences(schema: Schema, names: ReadonlyMap<string, string>): Schema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value;
    const name = value.slice(REFERENCE.length);
    return `${REFERENCE}${names.get(name) ?? name}`;
  }) as Schema;
}

/** Only what the routes lead to. */
function reachable(named: Readonly<Record<string, Schema>>, from: readonly Schema[]): Readonly<Record<string, Schema>> {
  const found = new Set<string>();
  const visit = (schema: Schema) => {
    for (const [, name = ''] of JSON.stringify(schema).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const next = named[name];
      if (found.has(name) || next === undefined) continue;
      found.add(name);
      visit(next);
    }
  };
  from.forEach(visit);
  return Object.fromEntries(Object.entries(named).filter(([name]) => found.has(name)));
}
