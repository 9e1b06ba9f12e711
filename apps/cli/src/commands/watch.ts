import type { Client } from '@spillway/contract/client';
import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';
import { liveScreen } from '../output/live-screen.ts';
import { expectAnswer, print } from '../output/print.ts';
import { type Rollout, rolloutView, type ServiceStatus } from '../output/rollout-view.ts';
import { duration, harmless, paintFor } from '../output/terminal.ts';
import { line } from './audit.ts';
import { type Keys, noKeys, watchKeys } from './watch-keys.ts';

const POLL_MS = 500;
/** How long the server may be away before watching gives up; it restarts by itself in seconds. */
const PATIENCE_MS = 60_000;
const SERIES_MS = 15_000;
const HISTORY_PAGE = 100;
const ENDED = new Set<Rollout['status']>(['succeeded', 'rolled_back', 'failed']);

export type Watched = { readonly is: 'ended'; readonly rollout: Rollout } | { readonly is: 'left' };

export interface WatchOptions {
  readonly json?: boolean;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** Follows a rollout to its end: a live view on a terminal, a line per decision elsewhere, NDJSON with `--json`. */
export async function watch(client: Client, key: string, options: WatchOptions): Promise<Watched> {
  const isLive = options.json !== true && process.stdout.isTTY === true;
  const keys = isLive && process.stdin.isTTY === true ? watchKeys(client, key, process.stdin) : noKeys;
  const draw = isLive ? liveView(keys) : decisionLines(options.json === true);
  try {
    return await follow(client, key, { ...options, keys, draw });
  } finally {
    keys.close();
  }
}

async function follow(
  client: Client,
  key: string,
  { keys, draw, timeout }: { readonly keys: Keys; readonly draw: Draw; readonly timeout?: number },
): Promise<Watched> {
  const started = performance.now();
  let reached = started;
  for (;;) {
    const answer = await client.call('getRollout', { params: { key } });
    if (answer.ok) {
      reached = performance.now();
      await draw(client, answer.value);
      if (ENDED.has(answer.value.status)) return { is: 'ended', rollout: answer.value };
    } else if (answer.problem.status !== 0 || performance.now() - reached > PATIENCE_MS) {
      expectAnswer(answer);
    }
    if (timeout !== undefined && performance.now() - started > timeout) {
      throw new Failure(`${key} has not ended within ${duration(timeout)}; it goes on.`, EXIT.timeout);
    }
    if ((await keys.pause(POLL_MS)) === 'quit') return { is: 'left' };
  }
}

type Draw = (client: Client, rollout: Rollout) => Promise<void>;

function liveView(keys: Keys): Draw {
  const screen = liveScreen(process.stdout);
  const paint = paintFor(process.stdout, process.env);
  return async (client, rollout) => {
    const view = rolloutView(rollout, await statusesOf(client, rollout), Date.now(), paint);
    const hint = ENDED.has(rollout.status) ? '' : keys.hint(rollout);
    screen.draw(harmless(hint === '' ? view : `${view}\n  ${paint.muted(hint)}`));
  };
}

/** Each decision once, in order, by its number in the log. */
function decisionLines(json: boolean): Draw {
  let seen = 0;
  return async (client, rollout) => {
    const query = { limit: HISTORY_PAGE };
    const page = await client.call('rolloutHistory', { params: { key: rollout.key }, query });
    if (!page.ok) return;
    const fresh = page.value.items
      .filter((entry) => entry.seq > seen && entry.at_ms >= rollout.started_at_ms)
      .toSorted((a, b) => a.seq - b.seq);
    for (const entry of fresh) {
      seen = entry.seq;
      print(entry, { json }, () => `${line(entry)}${entry.reason === '' ? summary(entry.because) : ''}`);
    }
  };
}

function summary(because: unknown): string {
  const all = Array.isArray(because) ? because : [because];
  const texts = all.flatMap((one) =>
    typeof one === 'object' && one !== null && 'summary' in one ? [String(one.summary)] : [],
  );
  return texts.length === 0 ? '' : `  ${texts.join(' ')}`;
}

export async function statusesOf(client: Client, rollout: Rollout): Promise<ReadonlyMap<string, ServiceStatus>> {
  const { environment, stages } = rollout.plan;
  const found = new Map<string, ServiceStatus>();
  for (const key of new Set(stages.map((stage) => stage.service))) {
    const query = { since_ms: Date.now() - SERIES_MS };
    const status = await client.call('serviceStatus', { params: { environment, key }, query });
    if (status.ok) found.set(key, status.value);
  }
  return found;
}
