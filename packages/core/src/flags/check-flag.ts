import { checkKeys, checkRequiredText, checkText } from '../checked-text.ts';
import { checkJson } from '../json-bounds.ts';
import { isKey, KEY_RULE } from '../key.ts';
import { enumerate, type Problems, pointer } from '../problems.ts';
import { checkSchema } from '../value-schema/read-schema.ts';
import { checkMeetsSchema, checkValue } from './check-serve.ts';
import type { Flag } from './flag.ts';
import * as limits from './limits.ts';

/** Everything about a flag except its environments; `environments` are those there are. */
export function checkFlagItself(flag: Flag, environments: ReadonlySet<string>, problems: Problems): void {
  if (!isKey(flag.key)) problems.report('/key', KEY_RULE);
  checkText(flag.description, '/description', limits.MAX_DESCRIPTION_LENGTH, problems);
  checkText(flag.owner, '/owner', limits.MAX_OWNER_LENGTH, problems);
  checkKeys(flag.tags, '/tags', limits.MAX_TAGS, problems);
  checkKeys(flag.services, '/services', limits.MAX_FLAG_SERVICES, problems);
  if (flag.managed_by !== undefined) {
    checkRequiredText(flag.managed_by, '/managed_by', limits.MAX_OWNER_LENGTH, problems);
  }
  if (flag.parent !== undefined && !isKey(flag.parent)) problems.report('/parent', KEY_RULE);
  checkTargetEnvironments(flag.target_environments, environments, problems);
  checkVariants(flag, problems);
  checkValueSchema(flag, problems);
}

function checkTargetEnvironments(
  targets: readonly string[] | undefined,
  environments: ReadonlySet<string>,
  problems: Problems,
): void {
  if (targets === undefined) return;
  if (targets.length > limits.MAX_TARGET_ENVIRONMENTS) {
    problems.report('/target_environments', `must be at most ${limits.MAX_TARGET_ENVIRONMENTS}`);
    return;
  }
  targets.forEach((target, index) => {
    if (environments.has(target)) return;
    problems.report(
      pointer('/target_environments', index),
      `names the unknown environment ${target}; known: ${enumerate(environments)}`,
    );
  });
}

function checkVariants({ type, variants }: Flag, problems: Problems): void {
  if (variants.length > limits.MAX_VARIANTS) {
    problems.report('/variants', `must be at most ${limits.MAX_VARIANTS}`);
    return;
  }
  const seen = new Set<string>();
  variants.forEach((variant, index) => {
    const field = pointer('/variants', index);
    if (!isKey(variant.name)) problems.report(pointer(field, 'name'), KEY_RULE);
    if (seen.has(variant.name)) problems.report(pointer(field, 'name'), `repeats the name ${variant.name}`);
    seen.add(variant.name);
    checkValue(variant.value, type, pointer(field, 'value'), problems);
  });
}

function checkValueSchema({ type, value_schema: schema, variants }: Flag, problems: Problems): void {
  if (schema === undefined) return;
  const field = '/value_schema';
  if (type !== 'json') {
    problems.report(field, `is for flags of type json; this one is a ${type} flag`);
    return;
  }
  const before = problems.found.length;
  checkJson(schema, field, problems);
  if (problems.found.length > before) return;
  if (JSON.stringify(schema).length > limits.MAX_VALUE_SCHEMA_CHARACTERS) {
    problems.report(field, `must be at most ${limits.MAX_VALUE_SCHEMA_CHARACTERS} characters of JSON`);
    return;
  }
  checkSchema(schema, field, problems);
  if (problems.found.length > before) return;
  variants.forEach(({ value }, index) => {
    checkMeetsSchema(value, schema, pointer('/variants', index, 'value'), problems);
  });
}
