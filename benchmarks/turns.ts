import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@spillway/contract/client';
import { exitCode } from './aims/exit-code.ts';
import { prepareFlag } from './api/flags.ts';
import { ADMIN_TOKEN, startControlPlane } from './control-plane/start.ts';
import { percentile } from './propagation/percentile.ts';
import type { LongestTurn, Order } from './turns/probe.ts';
import { requestsOf, type TurnRequest } from './turns/requests.ts';

/** However much there is, nobody is to wait longer for one request of somebody else. */
const LONGEST_TURN_MS = 50;
const FLAGS = 5_000;
const ROUNDS = 3;
const PROBE = ['--import', join(import.meta.dirname, 'turns/probe.ts')];

interface Row {
  readonly request: string;
  /** Of the rounds: the middle one and the longest. */
  readonly turn_ms: number;
  readonly longest_turn_ms: number;
  readonly took_ms: number;
}

/** How long requests that look at every flag keep the control plane's process from everything else. */
export async function run({ json, check }: { json: boolean; check: boolean }): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-turns-'));
  const plane = await startControlPlane(directory, 'error', { nodeArguments: PROBE });
  const measured = new Map<string, { readonly turn: LongestTurn; readonly took_ms: number }[]>();
  try {
    const admin = createClient({ baseUrl: plane.url, token: ADMIN_TOKEN });
    const { sdkKey } = await prepareFlag(admin);
    for (let round = 0; round < ROUNDS; round += 1) {
      for await (const request of requestsOf(
        { url: plane.url, admin: ADMIN_TOKEN, sdk: sdkKey },
        { flags: FLAGS, round },
      )) {
        const times = measured.get(request.name) ?? [];
        times.push(await ask(plane.process, request));
        measured.set(request.name, times);
      }
    }
  } finally {
    await plane.stop();
    await rm(directory, { recursive: true, force: true });
  }
  const rows = [...measured].map(([request, times]): Row => {
    const turns = times.map(({ turn }) => turn.processor).toSorted((one, other) => one - other);
    const took = times.map(({ took_ms }) => took_ms).toSorted((one, other) => one - other);
    return {
      request,
      turn_ms: rounded(percentile(turns, 0.5)),
      longest_turn_ms: rounded(percentile(turns, 1)),
      took_ms: rounded(percentile(took, 0.5)),
    };
  });
  if (json) console.log(JSON.stringify({ flags: FLAGS, rounds: ROUNDS, requests: rows }, undefined, 2));
  else {
    console.log(`The longest turn of the event loop while one request is answered · ${FLAGS} flags, ${ROUNDS} rounds`);
    console.table(rows);
  }
  const missed = rows
    .filter(({ longest_turn_ms }) => longest_turn_ms > LONGEST_TURN_MS)
    .map(({ request, longest_turn_ms }) => `${request} holds the process for ${longest_turn_ms} ms`);
  return exitCode(missed, { check });
}

async function ask(plane: ChildProcess, request: TurnRequest) {
  tell(plane, 'watch');
  const started = performance.now();
  await request.send();
  const took_ms = performance.now() - started;
  const answered = once(plane, 'message');
  tell(plane, 'tell');
  const [turn] = (await answered) as [LongestTurn];
  return { turn, took_ms };
}

function tell(plane: ChildProcess, order: Order): void {
  plane.send(order);
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
