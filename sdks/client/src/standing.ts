import { Listeners } from './listeners.ts';
import type { Platform } from './platform.ts';
import type { Status } from './status.ts';
import { reasonOf } from './stream.ts';

type Is = Status['is'];

/** How a client stands with its server, and who is told when that changes. */
export class Standing<S> {
  readonly #platform: Pick<Platform, 'after' | 'log'>;
  readonly #describe: (is: Is, problem: string | undefined) => S;
  readonly #listeners: Listeners<S>;
  #is: Is = 'starting';
  #problem: string | undefined;

  constructor(platform: Pick<Platform, 'after' | 'log'>, describe: (is: Is, problem: string | undefined) => S) {
    this.#platform = platform;
    this.#describe = describe;
    this.#listeners = listenersOf(platform);
  }

  get is(): Is {
    return this.#is;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  status(): S {
    return this.#describe(this.#is, this.#problem);
  }

  add(listener: (status: S) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Nothing comes after `closed`. */
  become(next: Is, because?: string): void {
    if (this.#is === 'closed' || (this.#is === next && this.#problem === because)) return;
    this.#is = next;
    this.#problem = because;
    if (because !== undefined) this.#platform.log('warn', because);
    this.#listeners.tell(this.status());
  }

  /** The status once the start is over, one way or the other; at the latest after `timeoutMs`. */
  settled(timeoutMs: number, awaited?: 'awaited'): Promise<S> {
    return new Promise((resolve) => {
      if (this.#is !== 'starting') return resolve(this.status());
      const end = () => {
        cancel();
        forget();
        resolve(this.status());
      };
      const cancel = this.#platform.after(timeoutMs, end, awaited);
      const forget = this.add(() => {
        if (this.#is !== 'starting') end();
      });
    });
  }
}

/** A listener of the application that throws is a warning, no more. */
export function listenersOf<T>({ log }: Pick<Platform, 'log'>): Listeners<T> {
  return new Listeners<T>((error) => log('warn', `a listener threw: ${reasonOf(error)}`));
}
