import { type Act, type ActStep, actsOf, remember, type Seen } from './acts.ts';
import { type Ink, makeInk, wantsColours } from './ink.ts';
import type { Rollout, Teller, Version } from './story.ts';
import type { Tally } from './tally.ts';

const REDRAW_MS = 200;
const BAR_WIDTH = 28;
const COLUMNS_DEFAULT = 80;
const ROWS_DEFAULT = 24;

export interface Progress extends Teller {
  /** Something that is said once, above what moves. */
  say(line: string): void;
  /** May be called again. */
  close(): void;
}

export interface ProgressParts {
  readonly stream: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  readonly tally: Tally;
}

/** A picture that is redrawn in place on a terminal; elsewhere one plain line per change. */
export function openProgress(parts: ProgressParts): Progress {
  const isLive = parts.stream.isTTY === true && parts.env.TERM !== 'dumb';
  return isLive ? livePicture(parts) : plainLines(parts);
}

function plainLines({ stream, tally }: ProgressParts): Progress {
  const started = performance.now();
  const seen = new Map<Version, Seen>();
  const told = new Map<Version, string>();
  const write = (line: string) => {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(5);
    stream.write(`${seconds} s  ${line}\n`);
  };
  return {
    say: write,
    close: () => undefined,
    saw(version, rollout) {
      seen.set(version, remember(seen.get(version), rollout));
      const act = actsOf(seen, Date.now()).find((each) => each.version === version);
      if (act === undefined) return;
      const line = plainLine(act);
      if (told.get(version) === line) return;
      told.set(version, line);
      const { requests, errors } = tally.totals();
      write(`${line}${requests === 0 ? '' : `  (${requests} requests so far, ${errors} failed)`}`);
    },
  };
}

function plainLine({ version, state, note, steps }: Act): string {
  const current = steps.find((step) => step.state === 'running');
  const share = state === 'running' && current ? `, ${current.percentage} % of the users` : '';
  return `${version}  ${note}${share}`;
}

function livePicture({ stream, env, tally }: ProgressParts): Progress {
  const ink = makeInk(wantsColours(stream, env));
  const started = performance.now();
  const seen = new Map<Version, Seen>();
  let drawnLines = 0;
  let isClosed = false;
  const erase = () => {
    if (drawnLines > 0) stream.write(`\u001b[${drawnLines}A\u001b[0J`);
    drawnLines = 0;
  };
  const draw = () => {
    const lines = picture(actsOf(seen, Date.now()), tally, performance.now() - started, ink)
      .slice(1 - (stream.rows ?? ROWS_DEFAULT))
      .map((line) => fit(line, stream.columns ?? COLUMNS_DEFAULT));
    erase();
    stream.write(`${lines.join('\n')}\n`);
    drawnLines = lines.length;
  };
  stream.write('\u001b[?25l');
  const timer = setInterval(draw, REDRAW_MS);
  return {
    say(line) {
      erase();
      stream.write(`${line}\n`);
    },
    saw(version, rollout: Rollout) {
      seen.set(version, remember(seen.get(version), rollout));
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      clearInterval(timer);
      draw();
      stream.write('\u001b[?25h');
    },
  };
}

function picture(acts: readonly Act[], tally: Tally, elapsedMs: number, ink: Ink): readonly string[] {
  const { requests, errors } = tally.totals();
  const { perSecond, shares } = tally.recent(Date.now());
  const canary = acts.find((act) => act.state === 'running')?.version;
  const traffic = [...shares]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, share]) => {
      const text = `${version} ${Math.round(share * 100)} %`;
      return version === canary ? ink.amber(text) : ink.green(text);
    })
    .join('  ');
  const counted = `${requests} requests, ${Math.round(perSecond)}/s, `;
  const failed = errors === 0 ? '0 errors' : ink.red(`${errors} errors`);
  return [
    '',
    ...acts.flatMap((act) => actLines(act, ink)),
    '',
    `  ${ink.dim('users see')}  ${traffic === '' ? ink.dim('nothing yet') : traffic}`,
    `  ${ink.dim(`${(elapsedMs / 1_000).toFixed(0).padStart(3)} s`)}     ${counted}${failed}`,
  ];
}

const GLYPHS = { waiting: '·', running: '◌', kept: '✔', taken_back: '↩', failed: '✖' } as const;

function actLines({ version, state, note, steps }: Act, ink: Ink): readonly string[] {
  const colour = { waiting: ink.dim, running: ink.amber, kept: ink.green, taken_back: ink.red, failed: ink.red }[state];
  return [
    `  ${colour(GLYPHS[state])} ${ink.bold(version)}  ${colour(note)}`,
    ...steps.map((step) => stepLine(step, ink)),
  ];
}

function stepLine({ percentage, state, done, note }: ActStep, ink: Ink): string {
  const filled = Math.round(done * BAR_WIDTH);
  const colour = { waiting: ink.dim, running: ink.amber, passed: ink.green, stopped: ink.red }[state];
  const bar = `${colour('█'.repeat(filled))}${ink.dim('░'.repeat(BAR_WIDTH - filled))}`;
  return `      ${String(percentage).padStart(3)} %  ${bar}  ${state === 'stopped' ? ink.red(note) : ink.dim(note)}`;
}

/** Cuts a line to the terminal's width: a wrapped line could not be drawn over. Colour codes take no room. */
function fit(line: string, columns: number): string {
  let room = columns - 1;
  let result = '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
  for (const [part] of line.matchAll(/\u001b\[[\d;]*m|./gu)) {
    const isCode = part.startsWith('\u001b');
    if (!isCode && room <= 0) continue;
    if (!isCode) room -= 1;
    result += part;
  }
  return result;
}
