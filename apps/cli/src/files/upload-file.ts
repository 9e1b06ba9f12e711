import { openAsBlob } from 'node:fs';
import { extname } from 'node:path';
import { usageFailure } from '../output/failure.ts';
import { whyUnreadable } from './why.ts';

const TYPES = { '.csv': 'text/csv', '.ndjson': 'application/x-ndjson', '.jsonl': 'application/x-ndjson' } as const;

/** The media type that the file's name says. */
export function uploadType(path: string): (typeof TYPES)[keyof typeof TYPES] {
  const extension = extname(path).toLowerCase();
  if (extension === '.csv' || extension === '.ndjson' || extension === '.jsonl') return TYPES[extension];
  throw usageFailure(`${path} must end in .csv, .ndjson or .jsonl, which say how it is read.`);
}

/** A file to be sent as it is; it is read while it is sent. */
export async function openUpload(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (error) {
    throw usageFailure(`${path} cannot be read: ${whyUnreadable(error)}.`);
  }
}
