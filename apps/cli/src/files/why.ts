/** What the system says of a file, in words that name the remedy; each ends a sentence about the file. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'a part of the path is no folder; check the path',
  EISDIR: 'it is a directory',
  EACCES: 'it is not yours to read',
  EPERM: 'it is not yours to read',
};

const UNWRITABLE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder is not there; make it first, or name another file',
  ENOTDIR: 'a part of the path is no folder; check the path',
  EEXIST: 'a file is in its place; name another folder',
  EISDIR: 'it is a directory; name a file in it',
  EACCES: 'it is not yours to write; name another file',
  EPERM: 'it is not yours to write; name another file',
  EROFS: 'it lies where nothing can be written; name another file',
  ENOSPC: 'the disk is full',
};

export function whyUnreadable(error: unknown): string {
  return knownWhy(error, UNREADABLE) ?? messageOf(error);
}

export function whyUnwritable(error: unknown): string {
  return knownWhy(error, UNWRITABLE) ?? messageOf(error);
}

/** For errors that may just as well come from somewhere else: whether this one speaks of a file that was to be read. */
export function isUnreadable(error: unknown): boolean {
  return knownWhy(error, UNREADABLE) !== undefined;
}

export function isUnwritable(error: unknown): boolean {
  return knownWhy(error, UNWRITABLE) !== undefined;
}

function knownWhy(error: unknown, words: Readonly<Record<string, string>>): string | undefined {
  return error instanceof Error && 'code' in error ? words[String(error.code)] : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
