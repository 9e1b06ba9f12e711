import { cannotCarry } from '../report.ts';
import { isSource, type Source, sourceOf, sourcesOf, textOf } from '../source.ts';

/** The flags and segments of one environment by their keys, each as a server-side SDK gets it. */
export interface Environment {
  /** Undefined for a file that is about one environment and does not name it. */
  readonly name: string | undefined;
  readonly flags: Source;
  /** Undefined for a file that leaves segments out. */
  readonly segments: Source | undefined;
}

/**
 * A server-side payload (`{flags, segments}`, alone or as the `data` of a stream's event, or its flags alone), the same as a
 * file for SDKs, which may have `flagValues` too, or flags as the REST API lists them (`items`, or one flag alone).
 */
export function environmentsIn(file: unknown): readonly Environment[] | undefined {
  const payload = isSource(file) && isSource(file.data) ? file.data : file;
  if (!isSource(payload)) return undefined;
  const { flags, flagValues, segments, items } = payload;
  if (isSource(flags) || isSource(flagValues)) {
    const all = { ...(isSource(flagValues) ? ofValues(flagValues) : {}), ...(isSource(flags) ? flags : {}) };
    return [{ name: undefined, flags: all, segments: isSource(segments) ? segments : {} }];
  }
  if (Array.isArray(items)) return listedEnvironments(sourcesOf(items, 'items'), segments);
  if (Array.isArray(payload.variations) && isSource(payload.environments)) {
    return listedEnvironments([payload], segments);
  }
  const values = Object.values(payload);
  if (values.length > 0 && values.every(isFlag)) return [{ name: undefined, flags: payload, segments: undefined }];
  return values.some(isAnswer) ? cannotCarry(ANSWERS) : undefined;
}

const ANSWERS =
  'these are the answers that one client got; what is needed are the definitions, as a server-side SDK gets them';

function isFlag(value: unknown): boolean {
  return isSource(value) && Array.isArray(value.variations) && 'fallthrough' in value;
}

function isAnswer(value: unknown): boolean {
  return isSource(value) && 'value' in value && 'variation' in value && 'version' in value;
}

function ofValues(values: Source): Source {
  const flags = Object.entries(values).map(([key, value]) => {
    return [key, { key, on: true, variations: [value], offVariation: 0, fallthrough: { variation: 0 } }] as const;
  });
  return Object.fromEntries(flags);
}

/** Of several environments, none is the one that a list of segments beside the flags would be of. */
function listedEnvironments(items: readonly Source[], segments: unknown): readonly Environment[] | undefined {
  if (!items.some((item) => isSource(item.environments))) return undefined;
  const names = new Set(items.flatMap(({ environments }) => (isSource(environments) ? Object.keys(environments) : [])));
  const known = names.size === 1 ? segmentsOf(segments) : undefined;
  return [...names].map((name) => ({ name, flags: flagsIn(name, items), segments: known }));
}

function segmentsOf(listed: unknown): Source | undefined {
  if (!isSource(listed)) return undefined;
  if (!Array.isArray(listed.items)) return listed;
  return Object.fromEntries(
    sourcesOf(listed.items, 'segments').map((segment) => [textOf(segment.key, 'the key of a segment'), segment]),
  );
}

function flagsIn(environment: string, items: readonly Source[]): Source {
  const flags = items.flatMap((item) => {
    const own = isSource(item.environments) ? item.environments[environment] : undefined;
    const key = textOf(item.key, 'the key of a flag');
    return own === undefined ? [] : [[key, flagOf(item, own)] as const];
  });
  return Object.fromEntries(flags);
}

/** What is not an object is for its flag to refuse. */
function flagOf(item: Source, own: unknown): unknown {
  if (!isSource(own)) return own;
  const variations = Array.isArray(item.variations)
    ? item.variations.map((variation) => sourceOf(variation, 'a variation').value)
    : item.variations;
  return {
    ...own,
    key: item.key,
    variations,
    isListed: true,
    description: item.description,
    name: item.name,
    archived: item.archived === true || own.archived === true,
  };
}

/** SDKs keep flags and segments that were deleted, as a mark and nothing more. */
export function isLive(value: unknown): value is Source {
  return isSource(value) && !value.deleted;
}

export function isOn({ on }: Source): boolean {
  if (on === undefined || on === null) return false;
  return typeof on === 'boolean' ? on : cannotCarry('on is neither true nor false');
}
