import type { HealthCheck, VersionSpec } from '@spillway/core';

export const INSTANCES_PER_VERSION_MAX = 64;
const WORDS_MAX = 256;
const WORD_LENGTH_MAX = 4_096;
const VARIABLES_MAX = 512;
const VARIABLE_LENGTH_MAX = 32_768;
const DURATION_MAX_MS = 90 * 86_400_000;
const PATH_LENGTH_MAX = 1_024;

const NAME = /^[a-z0-9][a-z0-9._-]{0,127}$/;
const SERVICE = /^[a-z0-9][a-z0-9._-]{0,127}\/[a-z0-9][a-z0-9._-]{0,127}$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const HEALTH_PATH = /^\/[\x21-\x7e]*$/;

export type ParsedSpec =
  | { readonly is: 'valid'; readonly spec: VersionSpec }
  | { readonly is: 'refused'; readonly field: string; readonly message: string };

type Fields = Readonly<Record<string, unknown>>;

class Bad extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** `environment/key`. */
export function isService(text: string): boolean {
  return SERVICE.test(text);
}

export function isVersionName(text: string): boolean {
  return NAME.test(text);
}

/** A version as it comes over the admin API or from disk. Never throws. */
export function parseSpec(value: unknown): ParsedSpec {
  try {
    return { is: 'valid', spec: specIn(fields('spec', value)) };
  } catch (error) {
    if (error instanceof Bad) return { is: 'refused', field: error.field, message: error.message };
    throw error;
  }
}

function specIn(spec: Fields): VersionSpec {
  const directory = spec.directory === undefined ? undefined : text('directory', spec.directory, WORD_LENGTH_MAX);
  const name = text('name', spec.name, 128);
  if (!NAME.test(name)) throw new Bad('name', 'must be 1 to 128 of a-z 0-9 . _ -, starting with a letter or digit');
  return {
    name,
    command: commandIn(spec.command),
    ...(directory === undefined ? {} : { directory }),
    env: envIn(spec.env),
    instances: whole('instances', spec.instances, 1, INSTANCES_PER_VERSION_MAX),
    health: healthIn(fields('health', spec.health)),
    grace_ms: whole('grace_ms', spec.grace_ms, 0, DURATION_MAX_MS),
  };
}

function commandIn(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > WORDS_MAX) {
    throw new Bad('command', `must be a list of 1 to ${WORDS_MAX} words, the program first`);
  }
  return value.map((word, index) => text(`command[${index}]`, word, WORD_LENGTH_MAX));
}

function envIn(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fields('env', value));
  if (entries.length > VARIABLES_MAX) throw new Bad('env', `takes at most ${VARIABLES_MAX} variables`);
  return Object.fromEntries(
    entries.map(([name, content]) => {
      if (!VARIABLE.test(name)) throw new Bad('env', 'has a name that is not of letters, digits and _');
      return [name, text(`env.${name}`, content, VARIABLE_LENGTH_MAX, 0)];
    }),
  );
}

function healthIn(health: Fields): HealthCheck {
  const path = text('health.path', health.path, PATH_LENGTH_MAX);
  if (!HEALTH_PATH.test(path)) throw new Bad('health.path', 'must begin with / and have no spaces');
  return {
    path,
    interval_ms: whole('health.interval_ms', health.interval_ms, 0, DURATION_MAX_MS),
    timeout_ms: whole('health.timeout_ms', health.timeout_ms, 0, DURATION_MAX_MS),
    start_timeout_ms: whole('health.start_timeout_ms', health.start_timeout_ms, 0, DURATION_MAX_MS),
  };
}

function fields(field: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Bad(field, 'must be an object');
  return value as Fields;
}

function text(field: string, value: unknown, max: number, min = 1): string {
  if (typeof value !== 'string' || value.length < min || value.length > max || value.includes('\0')) {
    throw new Bad(field, `must be text of ${min} to ${max} characters without NUL`);
  }
  return value;
}

function whole(field: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new Bad(field, `must be a whole number from ${min} to ${max}`);
  }
  return value;
}
