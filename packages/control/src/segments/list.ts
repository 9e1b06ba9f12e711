import { accept, type Outcome, type Segment } from '@spillway/core';
import type { Page, PageRequest, Versioned } from '../call.ts';
import { listDocuments, type Shelf } from '../documents/list.ts';
import type { SegmentDirectory } from './directory.ts';

export interface SegmentPage extends Page<Versioned<Segment>> {
  /** How many there are on all pages. */
  readonly total: number;
}

/** One page of the segments that mention what is searched for, ordered by key. */
export async function listSegments(
  shelf: Shelf & { readonly segments: SegmentDirectory },
  page: PageRequest & { readonly search?: string },
): Promise<Outcome<SegmentPage>> {
  const search = page.search?.trim().toLowerCase() ?? '';
  const found = await listDocuments(shelf, 'segments', page, (segment) => mentions(segment, search));
  if (!found.ok) return found;
  const isWhole = page.cursor === undefined && found.value.next === undefined;
  return accept({ ...found.value, total: isWhole ? found.value.items.length : count(shelf.segments, search) });
}

function count({ segments }: SegmentDirectory, search: string): number {
  let total = 0;
  for (const segment of segments.values()) if (mentions(segment, search)) total += 1;
  return total;
}

function mentions(segment: Segment, search: string): boolean {
  if (search === '') return true;
  const { key, name, description, tags } = segment;
  return [key, name, description, ...tags].some((text) => text.toLowerCase().includes(search));
}
