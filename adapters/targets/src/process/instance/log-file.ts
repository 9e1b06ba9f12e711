import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** One file's bound; with the one before it, an instance's logs take about twice this. */
export const LOG_MAX_BYTES = 4 * 1_048_576;
export const LOG_CHECK_MS = 500;
/** Logs of instances that are gone are kept for whoever asks why, this many at most. */
export const OLD_LOGS_MAX = 40;
const LAST_LINE_BYTES = 4_096;
const LAST_LINE_CHARACTERS = 200;

export interface LogFile {
  readonly path: string;
  /** Moves what is there to `<path>.1` once it is over the bound. */
  rotate(): Promise<void>;
  tail(bytes: number): Promise<string>;
  /** The last line that is not empty, cut to a length that fits a message; empty when there is none. */
  lastLine(): Promise<string>;
}

export function logPath(directory: string, instance: string): string {
  return join(directory, `${instance}.log`);
}

/**
 * The app holds the file open in append mode, so it cannot be renamed away: its end is copied and the file is emptied;
 * the app's next line is then its first. A line written in between is lost, nothing else is.
 */
export function logFile(path: string, maxBytes = LOG_MAX_BYTES): LogFile {
  const readEnd = async (bytes: number): Promise<Buffer> => {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.min(size, bytes);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  };
  const tail = (bytes: number) =>
    readEnd(bytes).then(
      (content) => content.toString('utf8'),
      () => '',
    );
  return {
    path,
    tail,
    async rotate() {
      const size = await stat(path).then(
        (seen) => seen.size,
        () => 0,
      );
      if (size <= maxBytes) return;
      const content = await readEnd(maxBytes);
      const before = await open(`${path}.1`, 'w', 0o600);
      try {
        await before.writeFile(content);
      } finally {
        await before.close();
      }
      const file = await open(path, 'r+');
      try {
        await file.truncate(0);
      } finally {
        await file.close();
      }
    },
    async lastLine() {
      const lines = (await tail(LAST_LINE_BYTES)).split('\n').map((line) => line.trim());
      const telling = lines.filter((line) => line !== '' && !/^(at |Node\.js v|\^|[{}])/.test(line));
      const fault = telling.findLast((line) => /error|cannot|failed/i.test(line));
      return (fault ?? telling.at(-1) ?? '').slice(0, LAST_LINE_CHARACTERS);
    },
  };
}

/** Removes the oldest logs of instances that are gone. */
export async function pruneLogs(directory: string, live: ReadonlySet<string>): Promise<void> {
  const names = (await readdir(directory)).filter((name) => !live.has(name.replace(/\.log(\.1)?$/, '')));
  const ages = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  ).catch(() => []);
  const old = ages.sort((a, b) => b.at - a.at).slice(OLD_LOGS_MAX);
  await Promise.all(old.map(({ name }) => rm(join(directory, name), { force: true })));
}
