import type { Json } from '@spillway/evaluator';
import { CannotCarry, cannotCarry } from '../report.ts';
import { isSource, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';
import type { Environment } from './payload.ts';
import { parentsOf, rulesOf } from './steps.ts';

/** Features as the REST API lists them: each with what SDKs get of it, as text, in each of its environments. */
export interface Listing {
  readonly keys: readonly string[];
  readonly environments: readonly Environment[];
  /** Throws for a feature that asks for one that is not in the list, or of which it does not say all. */
  readonly check: (key: string) => void;
  /** What is served of a feature where it is switched off: what it is by default. */
  readonly defaultOf: (key: string) => Json;
  readonly descriptionOf: (key: string) => unknown;
}

/** `{features: […]}`, or one `{feature}`; undefined for anything else. Saved groups may stand beside them. */
export function listingIn({ features, feature, savedGroups }: Source): Listing | undefined {
  const items = Array.isArray(features) ? sourcesOf(features, 'features') : isSource(feature) ? [feature] : [];
  if (!items.some((item) => isSource(item.environments))) return undefined;
  const byKey = new Map(items.map((item) => [textOf(item.id, 'the id of a feature'), item]));
  const names = new Set(items.flatMap(({ environments }) => (isSource(environments) ? Object.keys(environments) : [])));
  const groups = isSource(savedGroups) ? savedGroups : 'left out';
  return {
    keys: [...byKey.keys()],
    environments: [...names].map((name) => ({
      name,
      features: featuresIn(name, byKey),
      savedGroups: groups,
      bandits: 'left out',
    })),
    check: (key) => checkListed(key, byKey, new Set()),
    defaultOf: (key) => writtenDefault(sourceOf(byKey.get(key), 'the feature')),
    descriptionOf: (key) => byKey.get(key)?.description,
  };
}

/** Those that are switched on and not archived; what cannot be read is for its feature to refuse. */
function featuresIn(environment: string, items: ReadonlyMap<string, Source>): Source {
  const features = [...items].flatMap(([key, item]): [string, unknown][] => {
    const definition = definitionIn(environment, item);
    return definition === undefined ? [] : [[key, definition]];
  });
  return Object.fromEntries(features);
}

function definitionIn(environment: string, { environments, archived }: Source): unknown {
  const state = isSource(environments) ? environments[environment] : undefined;
  if (archived === true || !isSource(state) || state.enabled !== true) return undefined;
  try {
    return JSON.parse(textOf(state.definition, 'a definition'));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof CannotCarry) return null;
    throw error;
  }
}

function checkListed(key: string, items: ReadonlyMap<string, Source>, seen: Set<string>): void {
  if (seen.has(key)) return;
  seen.add(key);
  const item = items.get(key) ?? cannotCarry(`it requires ${key}, which is not in the list`);
  for (const environment of Object.keys(sourceOf(item.environments, 'environments'))) {
    const definition = definitionIn(environment, item);
    if (definition === null) cannotCarry(`the list does not say what SDKs get of ${key} in ${environment}`);
    if (isSource(definition)) {
      for (const { id } of rulesOf(definition).flatMap(parentsOf)) checkListed(id, items, seen);
    }
  }
}

/** The API writes every value as text. */
function writtenDefault({ valueType, defaultValue }: Source): Json {
  const text = textOf(defaultValue, 'defaultValue');
  if (valueType === 'string') return text;
  try {
    return JSON.parse(text);
  } catch {
    return cannotCarry('its default value is none of its type');
  }
}
