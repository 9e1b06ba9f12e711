import type { Received, Receiver } from '@spillway/client/connection';
import type { Source } from './status.ts';
import { applyChange, readChange, readValues, type Values } from './values.ts';

const KNOWN: Received = { is: 'known' };

/** The last good values of one user. Another user gets another holder, so that nothing that comes late can mix them. */
export class Holder implements Receiver {
  values: Values | undefined;
  source: Source = 'none';
  readonly #changed: (before: Values | undefined, after: Values, source: Source) => void;

  constructor(changed: (before: Values | undefined, after: Values, source: Source) => void) {
    this.#changed = changed;
  }

  /** Every stream begins with all values: there is nothing to resume. */
  resumeFrom(): undefined {
    return undefined;
  }

  receive(event: string, data: string): Received {
    if (event === 'values') return this.offer(parsed(data), 'server');
    return event === 'change' ? this.#change(parsed(data)) : KNOWN;
  }

  /** Takes all values from anywhere, unless what is held is newer or from a better source. */
  offer(payload: unknown, source: Source): Received {
    const values = readValues(payload);
    if (values === undefined) return { is: 'refused', problem: 'unreadable values' };
    const held = this.values;
    if (held !== undefined && source !== 'server' && this.source === 'server') return KNOWN;
    if (held !== undefined && values.configuration < held.configuration) {
      return { is: 'refused', problem: `configuration ${values.configuration} is older than ${held.configuration}` };
    }
    return this.#replace(values, source);
  }

  #change(payload: unknown): Received {
    const change = readChange(payload);
    const held = this.values;
    if (change === undefined || held === undefined || this.source !== 'server') return { is: 'unfit' };
    if (change.configuration <= held.configuration) return KNOWN;
    if (change.base !== held.configuration) return { is: 'unfit' };
    return this.#replace(applyChange(held, change), 'server');
  }

  #replace(after: Values, source: Source): Received {
    const before = this.values;
    this.values = after;
    this.source = source;
    this.#changed(before, after, source);
    return { is: 'current' };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
