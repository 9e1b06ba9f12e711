import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@spillway/contract/client';
import { EXIT } from '../output/exit-codes.ts';
import { Failure, usageFailure } from '../output/failure.ts';
import { expectAnswer } from '../output/print.ts';
import { type Rollout, rolloutView, type ServiceStatus } from '../output/rollout-view.ts';
import { paintFor } from '../output/terminal.ts';
import { line } from './audit.ts';

const POLL_MS = 500;
/** How long the server may be away before watching gives up; it restarts by itself in seconds. */
const PATIENCE_MS = 60_000;
const ENDED = new Set<Rollout['status']>(['succeeded', 'rolled_back', 'failed']);

export function hasEnded(rollout: Rollout): boolean {
  return ENDED.has(rollout.status);
}

/** Follows a rollout to its end: a live view on a terminal, a line per decision elsewhere, NDJSON with `--json`. */
export async function watch(
  client: Client,
  key: string,
  options: { readonly json?: boolean; readonly timeout?: string },
): Promise<Rollout> {
  const deadline = options.timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + durationMs(options.timeout);
  const draw =
    options.json !== true && process.stdout.isTTY === true ? liveView() : decisionLines(options.json === true);
  let reached = Date.now();
  for (;;) {
    const answer = await client.call('getRollout', { params: { key } });
    if (answer.ok) {
      reached = Date.now();
      await draw(client, answer.value);
      if (hasEnded(answer.value)) return answer.value;
    } else if (answer.problem.status !== 0 || Date.now() - reached > PATIENCE_MS) {
      expectAnswer(answer);
    }
    if (Date.now() > deadline) throw new Failure(`${key} has not ended within ${options.timeout}.`, EXIT.timeout);
    await sleep(POLL_MS);
  }
}

type Draw = (client: Client, rollout: Rollout) => Promise<void>;

function liveView(): Draw {
  let height = 0;
  return async (client, rollout) => {
    const text = rolloutView(
      rollout,
      await statusesOf(client, rollout),
      Date.now(),
      paintFor(process.stdout, process.env),
    );
    const up = height === 0 ? '' : `\u001b[${height}A\u001b[J`;
    process.stdout.write(`${up}${text}\n`);
    height = text.split('\n').length;
  };
}

/** Each decision once, in order, by its number in the log. */
function decisionLines(json: boolean): Draw {
  let seen = 0;
  return async (client, rollout) => {
    const page = await client.call('rolloutHistory', { params: { key: rollout.key }, query: { limit: 100 } });
    if (!page.ok) return;
    const fresh = page.value.items
      .filter((entry) => entry.seq > seen && entry.at_ms >= rollout.started_at_ms)
      .toSorted((a, b) => a.seq - b.seq);
    for (const entry of fresh) {
      seen = entry.seq;
      process.stdout.write(
        `${json ? JSON.stringify(entry) : `${line(entry)}${entry.reason === '' ? summary(entry.because) : ''}`}\n`,
      );
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
    const query = { since_ms: Date.now() - 15_000 };
    const status = await client.call('serviceStatus', { params: { environment, key }, query });
    if (status.ok) found.set(key, status.value);
  }
  return found;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function durationMs(text: string): number {
  const [, amount, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (amount === undefined || unitMs === undefined)
    throw usageFailure(`--timeout must be like 90s, 10m or 1h, not "${text}".`);
  return Number(amount) * unitMs;
}
