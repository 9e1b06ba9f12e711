import { dirname, join } from 'node:path';
import { checkAgainst, definitionsFile, type Fixture, type Found } from '@spillway/contract/definitions';
import { type DefinedFlag, type DefinedSegment, type Definitions, keysIn, pointer } from '@spillway/core';
import type { Json } from '@spillway/evaluator';
import { readSourceText } from '../files/source-text.ts';
import { findFiles, isFolder, type Wanted } from './find-files.ts';
import { type Finding, type Place, placeText } from './finding.ts';
import { readMembersFile } from './members-file.ts';
import { type ParsedDocument, parseText } from './parse.ts';

/** Where a thing was defined, for showing what is wrong with it there. */
export interface Origin {
  readonly document: ParsedDocument;
  /** JSON Pointer of the thing in its document. */
  readonly base: string;
}

interface SegmentInFile extends DefinedSegment {
  readonly members_file?: string | undefined;
}

type Noun = 'flags' | 'segments';

/** By noun and key. */
export type Origins = { readonly [N in Noun]: ReadonlyMap<string, Origin> };

export interface LoadedFixture {
  readonly fixture: Fixture;
  readonly place: Place;
  /** Of the file it stands in. */
  readonly file: string;
  /** The files that a file of fixtures says it is about, as it says them. */
  readonly about?: readonly string[];
}

export interface Loaded {
  readonly definitions: Definitions;
  readonly managedBy: string | undefined;
  readonly fixtures: readonly LoadedFixture[];
  readonly origins: Origins;
  readonly files: readonly string[];
  /** Those of them that define something, and not only fixtures. */
  readonly definingFiles: ReadonlySet<string>;
  /** Errors only; what has some is not among the definitions. */
  readonly findings: readonly Finding[];
}

/** Of one document; more helps nobody. */
const MAX_FOUND = 50;

interface Gathered {
  readonly flags: Map<string, DefinedFlag>;
  readonly segments: Map<string, DefinedSegment>;
  readonly origins: { readonly [N in Noun]: Map<string, Origin> };
  readonly fixtures: LoadedFixture[];
  readonly findings: Finding[];
  readonly definingFiles: Set<string>;
  managed: { readonly by: string; readonly place: Place } | undefined;
}

/** Everything that files and folders define, together; `-` is standard input. */
export async function loadDefinitions(paths: readonly string[], wanted: Wanted): Promise<Loaded> {
  const files = findFiles(paths, wanted);
  const into: Gathered = {
    flags: new Map(),
    segments: new Map(),
    origins: { flags: new Map(), segments: new Map() },
    fixtures: [],
    findings: [],
    definingFiles: new Set(),
    managed: undefined,
  };
  if (files.length === 0) into.findings.push(nothingIn(paths));
  for (const file of files) await loadFile(file, into);
  const { origins, fixtures, findings, definingFiles } = into;
  const definitions = { flags: Object.fromEntries(into.flags), segments: Object.fromEntries(into.segments) };
  return { definitions, managedBy: into.managed?.by, fixtures, origins, files, definingFiles, findings };
}

function nothingIn(paths: readonly string[]): Finding {
  const [file = '.'] = paths.filter(isFolder);
  const message = 'holds no YAML or JSON file; name files, or a folder that has some';
  return { severity: 'error', rule: 'unreadable', place: { file, line: 1, column: 1 }, field: '', message };
}

async function loadFile(file: string, into: Gathered): Promise<void> {
  const source = await readSourceText(file);
  if (!source.ok) {
    into.findings.push(source.finding);
    return;
  }
  const { documents, findings } = parseText(file, source.text);
  into.findings.push(...findings);
  if (documents.length === 0 && findings.length === 0) {
    report(into, 'shape', { file, line: 1, column: 1 }, '', 'is empty; it must begin with `apiVersion: spillway/v1`');
  }
  for (const document of documents) await loadDocument(file, document, into);
}

function report(into: Gathered, rule: Finding['rule'], place: Place, field: string, message: string): void {
  into.findings.push({ severity: 'error', rule, place, field, message });
}

async function loadDocument(file: string, document: ParsedDocument, into: Gathered): Promise<void> {
  const stranger = strangerProblem(document.value);
  if (stranger !== undefined) {
    report(into, 'shape', document.placeOf(stranger.field), stranger.field, stranger.message);
    return;
  }
  const checked = checkAgainst(definitionsFile, document.value, MAX_FOUND);
  if (!checked.ok) {
    for (const found of checked.found) {
      const field = pointerOf(found);
      report(into, 'shape', document.placeOf(field), field, found.message);
    }
    return;
  }
  const { value } = checked;
  for (const [index, fixture] of (value.tests ?? []).entries()) {
    const place = document.placeOf(`/tests/${index}`);
    const about = 'definitions' in value && value.definitions !== undefined ? { about: value.definitions } : {};
    into.fixtures.push({ fixture, place, file, ...about });
  }
  if (value.kind === 'Tests') return;
  into.definingFiles.add(file);
  manage(value.managed_by, document, into);
  for (const [base, key, flag] of entriesOf(value.flags ?? {}, '/flags')) {
    if (isFirst('flags', key, { document, base }, into)) into.flags.set(key, flag);
  }
  for (const [base, key, segment] of entriesOf(value.segments ?? {}, '/segments')) {
    const origin = { document, base };
    if (isFirst('segments', key, origin, into)) into.segments.set(key, await withMembers(segment, file, origin, into));
  }
}

/** A list that stands beside the file becomes part of it. */
async function withMembers(
  { members_file, ...segment }: SegmentInFile,
  file: string,
  { document, base }: Origin,
  into: Gathered,
): Promise<DefinedSegment> {
  if (members_file === undefined) return segment;
  const field = `${base}/members_file`;
  const told = (message: string) => report(into, 'shape', document.placeOf(field), field, message);
  if (segment.members !== undefined && keysIn(segment) !== undefined) {
    told('stands beside members, which hold keys too; keep one of them');
    return segment;
  }
  const read = await readMembersFile(join(file === '-' ? '.' : dirname(file), members_file));
  if (!read.ok) {
    told(read.message);
    return segment;
  }
  const { members } = segment;
  const where = members === undefined || Array.isArray(members) ? {} : members;
  return { ...segment, members: { ...where, keys: read.keys } };
}

function isFirst(noun: Noun, key: string, origin: Origin, into: Gathered): boolean {
  const before = into.origins[noun].get(key);
  if (before === undefined) {
    into.origins[noun].set(key, origin);
    return true;
  }
  const first = placeText(before.document.placeOf(before.base));
  const place = origin.document.placeOf(origin.base);
  report(into, 'duplicate', place, origin.base, `defines ${key} again, after ${first}; keep one of them`);
  return false;
}

/** Said before anything else is said about a file that was not meant for this. */
function strangerProblem(value: Json): { readonly field: string; readonly message: string } | undefined {
  const remedy = 'a file of definitions begins with `apiVersion: spillway/v1` and `kind: Definitions`';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { field: '', message: `must be an object; ${remedy}` };
  }
  const { apiVersion, kind } = value as Readonly<Record<string, Json>>;
  if (apiVersion === undefined) return { field: '', message: `has no apiVersion; ${remedy}` };
  if (kind === 'Definitions' || kind === 'Tests') return undefined;
  const field = kind === undefined ? '' : '/kind';
  return { field, message: 'must have the kind Definitions, or Tests for a file of fixtures alone' };
}

function manage(by: string | undefined, document: ParsedDocument, into: Gathered): void {
  if (by === undefined) return;
  const place = document.placeOf('/managed_by');
  if (into.managed === undefined) into.managed = { by, place };
  else if (into.managed.by !== by) {
    const message = `is not ${into.managed.by}, as in ${placeText(into.managed.place)}; what is applied together has one`;
    report(into, 'meaning', place, '/managed_by', message);
  }
}

type Listed<T> = T & { readonly key: string };

/** By key, whichever way they were written; with the place of each. */
function entriesOf<T extends object>(
  written: Readonly<Record<string, T>> | readonly Listed<T>[],
  base: string,
): readonly (readonly [base: string, key: string, value: T])[] {
  if (!isList(written)) return Object.entries(written).map(([key, value]) => [pointer(base, key), key, value]);
  return written.map(({ key, ...value }, index) => [pointer(base, index), key, value as unknown as T]);
}

function isList<T>(written: Readonly<Record<string, T>> | readonly Listed<T>[]): written is readonly Listed<T>[] {
  return Array.isArray(written);
}

function pointerOf({ path }: Found): string {
  return pointer('', ...path.map((step) => (typeof step === 'symbol' ? String(step) : step)));
}
