import type { Clock } from '@spillway/control';
import type { Log } from '@spillway/http';
import type { SharedStore } from '@spillway/stores';

/** Quartz drifts apart by milliseconds a minute; a machine that slept is put right within this time. */
const ASK_EVERY_MS = 5_000;
/** The quickest answer of a few says most exactly when it was given. */
const QUESTIONS = 3;
/** A clock that is further off is not kept by NTP, and its owner wants to know. */
const WORTH_A_WARNING_MS = 2_000;

export interface SharedTime {
  readonly clock: Clock;
  stop(): Promise<void>;
}

/** The store's time at a moment of this machine's monotonic clock, and how far from the truth it may be. */
interface Reading {
  readonly wall: number;
  readonly monotonic: number;
  readonly within: number;
}

/**
 * A clock that goes by the store's time, which all control planes over one database have in common: whose own clock is wrong
 * neither takes leases from others nor leaves any that outlast it by as much, and steps of a rollout last as long
 * whoever drives it. While the store cannot be asked, the clock runs on by itself. Rejects when the first question is not answered.
 */
export async function followTimeOf(
  store: Pick<SharedStore, 'wallTime'>,
  own: Clock,
  log: Pick<Log, 'info' | 'warn'>,
): Promise<SharedTime> {
  const stopping = new AbortController();
  let reading = await ask(store, own);
  let isOff = false;

  const wall = (at: Reading) => at.wall + own.monotonic() - at.monotonic;

  function tell(): void {
    const ahead_ms = Math.round(own.now() - wall(reading));
    if (Math.abs(ahead_ms) > WORTH_A_WARNING_MS === isOff) return;
    isOff = !isOff;
    if (isOff)
      log.warn({ ahead_ms }, "This machine's clock is not the database's, which counts here. Keep both right with NTP");
    else log.info({}, "This machine's clock and the database's agree again");
  }

  async function keepAsking(): Promise<void> {
    while (!stopping.signal.aborted) {
      await own.sleep(ASK_EVERY_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      const next = await ask(store, own).catch(() => undefined);
      // Within what neither can tell, time had better run on evenly.
      if (next !== undefined && Math.abs(wall(next) - wall(reading)) > next.within + reading.within) reading = next;
      tell();
    }
  }

  tell();
  const asking = keepAsking();
  return {
    clock: { ...own, now: () => Math.floor(wall(reading)) },
    async stop() {
      stopping.abort();
      await asking;
    },
  };
}

async function ask(store: Pick<SharedStore, 'wallTime'>, own: Clock): Promise<Reading> {
  let best: Reading | undefined;
  for (let question = 0; question < QUESTIONS; question += 1) {
    const asked = own.monotonic();
    const wall = await store.wallTime();
    const within = (own.monotonic() - asked) / 2;
    if (best === undefined || within < best.within) best = { wall, monotonic: asked + within, within };
  }
  if (best === undefined) throw new Error('No question was asked.');
  return best;
}
