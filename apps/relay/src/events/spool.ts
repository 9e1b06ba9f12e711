import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What one file holds, and one batch to the upstream: half of the body that its door takes. */
export const MAX_BATCH_EVENTS = 500;
const MAX_BATCH_BYTES = 524_288;
/** What waits on the disk for one key, from servers and from pages each. */
export const MAX_SPOOLED_EVENTS = 50_000;
export const MAX_SPOOLED_BYTES = 67_108_864;

const SUFFIX = '.events';
const NAME_DIGITS = 12;

/** The disk does not take what came; whoever sent it has to send it again. */
export class EventsNotKept extends Error {}

/** Events that were written together, one a line, as the upstream takes them. */
export interface Batch {
  readonly number: number;
  readonly events: readonly string[];
  /** Lines that the disk has damaged. */
  readonly damaged: number;
}

interface Extent {
  readonly number: number;
  events: number;
  bytes: number;
}

interface Writing extends Extent {
  readonly file: FileHandle;
}

interface Addition {
  readonly lines: readonly string[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Events on the disk until the upstream has them: appended to files and taken away a file at a time, from the oldest on. What comes
 * at the same time is written at once. The directory is made with the first event.
 */
export class Spool {
  readonly #directory: string;
  readonly #sealed: Extent[] = [];
  #writing: Writing | undefined;
  #next = 1;
  #additions: Addition[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Finds what an earlier process has left. */
  async open(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    for (const name of names.filter((each) => each.endsWith(SUFFIX)).toSorted()) {
      const text = await readFile(join(this.#directory, name), 'utf8');
      const number = Number(name.slice(0, -SUFFIX.length));
      this.#sealed.push({ number, events: linesOf(text).length, bytes: Buffer.byteLength(text) });
      this.#next = number + 1;
    }
  }

  /** How many events wait. */
  get events(): number {
    return this.#extents().reduce((sum, { events }) => sum + events, 0);
  }

  hasRoomFor(events: number): boolean {
    const bytes = this.#extents().reduce((sum, extent) => sum + extent.bytes, 0);
    return this.events + events <= MAX_SPOOLED_EVENTS && bytes < MAX_SPOOLED_BYTES;
  }

  /** Resolves once they are on the disk; rejects with `EventsNotKept`, and they may be there all the same. */
  add(lines: readonly string[]): Promise<void> {
    return new Promise((done, failed) => {
      this.#additions.push({ lines, done, failed });
      void this.#inTurn(() => this.#write());
    });
  }

  oldest(): Promise<Batch | undefined> {
    return this.#inTurn(async () => {
      if (this.#sealed.length === 0) await this.#seal();
      const [first] = this.#sealed;
      return first === undefined ? undefined : readBatch(this.#pathOf(first.number), first.number);
    });
  }

  remove(number: number): Promise<void> {
    return this.#inTurn(async () => {
      await rm(this.#pathOf(number), { force: true });
      const index = this.#sealed.findIndex((extent) => extent.number === number);
      if (index !== -1) this.#sealed.splice(index, 1);
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(() => this.#seal());
  }

  async #write(): Promise<void> {
    const additions = this.#additions.splice(0);
    if (additions.length === 0) return;
    try {
      for (const part of partsOf(additions.flatMap(({ lines }) => lines))) await this.#append(part);
      for (const { done } of additions) done();
    } catch (error) {
      // Half a line may be there, and nothing must be written behind it.
      await this.#seal().catch(() => undefined);
      for (const { failed } of additions) failed(new EventsNotKept('events are not kept', { cause: error }));
    }
  }

  async #append(lines: readonly string[]): Promise<void> {
    const text = `${lines.join('\n')}\n`;
    const bytes = Buffer.byteLength(text);
    const { events = 0, bytes: held = 0 } = this.#writing ?? {};
    if (events + lines.length > MAX_BATCH_EVENTS || held + bytes > MAX_BATCH_BYTES) await this.#seal();
    this.#writing ??= await this.#begin();
    const { file } = this.#writing;
    await file.appendFile(text);
    await file.datasync();
    this.#writing.events += lines.length;
    this.#writing.bytes += bytes;
  }

  async #begin(): Promise<Writing> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const number = this.#next;
    this.#next += 1;
    return { number, events: 0, bytes: 0, file: await open(this.#pathOf(number), 'ax', 0o600) };
  }

  async #seal(): Promise<void> {
    const writing = this.#writing;
    if (writing === undefined) return;
    this.#writing = undefined;
    this.#sealed.push(writing);
    await writing.file.close();
  }

  #extents(): readonly Extent[] {
    return this.#writing === undefined ? this.#sealed : [...this.#sealed, this.#writing];
  }

  #pathOf(number: number): string {
    return join(this.#directory, `${String(number).padStart(NAME_DIGITS, '0')}${SUFFIX}`);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }
}

/** As many lines as one file takes, each time. */
function* partsOf(lines: readonly string[]): Generator<readonly string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const more = Buffer.byteLength(line) + 1;
    if (part.length > 0 && (part.length >= MAX_BATCH_EVENTS || bytes + more > MAX_BATCH_BYTES)) {
      yield part;
      [part, bytes] = [[], 0];
    }
    part.push(line);
    bytes += more;
  }
  if (part.length > 0) yield part;
}

async function readBatch(path: string, number: number): Promise<Batch> {
  const lines = linesOf(await readFile(path, 'utf8'));
  const events = lines.filter(isWhole);
  return { number, events, damaged: lines.length - events.length };
}

/** What follows the last end of a line was cut off before anybody was told that it is kept. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

function isWhole(line: string): boolean {
  try {
    const event: unknown = JSON.parse(line);
    return typeof event === 'object' && event !== null;
  } catch {
    return false;
  }
}
