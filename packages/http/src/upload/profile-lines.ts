import { profileLine } from '@spillway/contract';
import { checkProfile, type ProfileInput } from '@spillway/core';
import { type Line, lineRefused, linesOf } from './lines.ts';
import type { Upload } from './upload.ts';

/** A profile's attributes, its key and the quotes around them. */
const MAX_PROFILE_LINE_CHARACTERS = 65_536;

/** The profiles of an upload, checked, in batches as they arrive. Refuses a line that is none, by its number. */
export async function* profilesIn(upload: Upload): AsyncGenerator<readonly ProfileInput[]> {
  for await (const lines of linesOf(upload.text(), MAX_PROFILE_LINE_CHARACTERS)) {
    yield lines.flatMap((line) => (line.text.trim() === '' ? [] : [profileIn(line)]));
  }
}

function profileIn({ number, text }: Line): ProfileInput {
  const parsed = profileLine.safeParse(parse(text, number));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] ?? { path: [], message: 'breaks a rule' };
    const where = path.length === 0 ? '' : ` /${path.map(String).join('/')}:`;
    throw refused(number, `is no profile:${where} ${message}; send {"key": …, "attributes": {…}}`);
  }
  const checked = checkProfile(parsed.data);
  if (!checked.ok) throw refused(number, `is no profile: ${checked.refusal.message}`);
  return checked.value;
}

function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(line, 'is not JSON');
  }
}

/** Profiles are written as they arrive, unlike lists. */
function refused(line: number, problem: string) {
  return lineRefused(
    line,
    problem,
    'Some of the lines before it may have been stored; sending them again does no harm.',
  );
}
