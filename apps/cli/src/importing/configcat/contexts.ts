import type { EvaluationContext, Json } from '@spillway/evaluator';
import { isSource } from '../source.ts';

/** A user as the SDK takes it, or with the attributes side by side, as OpenFeature's providers and rules name them. */
export function configCat(context: EvaluationContext): EvaluationContext | string {
  const { custom } = context;
  if (custom !== undefined && custom !== null && !isSource(custom)) return 'has a `custom` that is not an object';
  const isUser = OWN.some((name) => Object.hasOwn(context, name));
  return isUser || !NAMES.some((name) => Object.hasOwn(context, name)) ? context : sideBySide(context);
}

/** What tells a user of the SDK's. */
const OWN = ['identifier', 'custom'];
/** What tells attributes side by side. */
const NAMES = ['targetingKey', 'Identifier', 'Email', 'Country'];

function sideBySide(context: EvaluationContext): EvaluationContext {
  const { targetingKey, Identifier, email, Email, country, Country, ...custom } = context;
  const given = { identifier: Identifier ?? targetingKey, email: Email ?? email, country: Country ?? country };
  const known = Object.entries(given).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return { ...Object.fromEntries(known), custom: custom as Json };
}
