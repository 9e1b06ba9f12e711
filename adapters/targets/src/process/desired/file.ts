import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@spillway/private-channel';
import { type Desired, type DesiredVersion, findVersion, NOTHING_DESIRED, type Slot } from './desired.ts';
import { parseSpec } from './spec.ts';

const FILE_NAME = 'supervisor-state.json';
const FORMAT = 1;
const PORT_MAX = 65_535;
const SLOT_ID = /^[a-z0-9][a-z0-9._-]{0,127}$/;

export type LoadedDesired =
  | { readonly is: 'loaded'; readonly desired: Desired }
  | { readonly is: 'none'; readonly desired: Desired }
  | { readonly is: 'corrupt'; readonly desired: Desired; readonly message: string };

export interface DesiredFile {
  /** Never throws for what the file holds: a corrupt one is moved aside and nothing is wanted. */
  load(): Promise<LoadedDesired>;
  save(desired: Desired): Promise<void>;
}

export function desiredFile(directory: string, now: () => number = Date.now): DesiredFile {
  const path = join(directory, FILE_NAME);
  return {
    save: (desired) => replaceFile(path, JSON.stringify({ format: FORMAT, ...desired }, undefined, 1)),
    async load() {
      let content: string;
      try {
        content = await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
          return { is: 'none', desired: NOTHING_DESIRED };
        }
        throw error;
      }
      const read = parse(content);
      if (typeof read !== 'string') return { is: 'loaded', desired: read };
      const keptAs = `${path}.corrupt-${now()}`;
      await rename(path, keptAs);
      const message = `${path} is not valid: ${read} It is kept as ${keptAs}; nothing is wanted until versions are run anew.`;
      return { is: 'corrupt', desired: NOTHING_DESIRED, message };
    },
  };
}

/** The state, or what is wrong with it. */
function parse(content: string): Desired | string {
  let body: unknown;
  try {
    body = JSON.parse(content);
  } catch {
    return 'it is not JSON.';
  }
  if (!isRecord(body) || body.format !== FORMAT) return `its format is not ${FORMAT}.`;
  if (!Array.isArray(body.versions) || !Array.isArray(body.slots)) return 'versions or slots are missing.';
  const versions: DesiredVersion[] = [];
  for (const each of body.versions) {
    if (!isRecord(each) || typeof each.service !== 'string') return `version ${versions.length} has no service.`;
    const parsed = parseSpec(each.spec);
    if (parsed.is === 'refused') return `version ${versions.length}, ${parsed.field}: ${parsed.message}`;
    versions.push({ service: each.service, spec: parsed.spec });
  }
  const slots: Slot[] = [];
  for (const each of body.slots) {
    const slot = slotIn(each);
    if (slot === undefined) return `slot ${slots.length} is not one.`;
    if (slot.retiring === undefined && !findVersion({ versions, slots }, slot.service, slot.version)) {
      return `slot ${slot.id} belongs to no version.`;
    }
    slots.push(slot);
  }
  return { versions, slots };
}

function slotIn(value: unknown): Slot | undefined {
  if (!isRecord(value)) return undefined;
  const { id, service, version, port, retiring } = value;
  if (typeof id !== 'string' || !SLOT_ID.test(id) || typeof service !== 'string') return undefined;
  if (typeof version !== 'string' || typeof port !== 'number') return undefined;
  if (!Number.isInteger(port) || port < 1 || port > PORT_MAX) return undefined;
  const slot = { id, service, version, port };
  if (retiring === undefined) return slot;
  if (!isRecord(retiring) || typeof retiring.grace_ms !== 'number') return undefined;
  return { ...slot, retiring: { grace_ms: retiring.grace_ms } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
