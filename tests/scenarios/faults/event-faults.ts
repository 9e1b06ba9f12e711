import type { EventFault } from '../scenario.ts';

/** What goes on instead of one event, and whether the connection ends with it. */
export interface Passed {
  readonly bytes: readonly Buffer[];
  readonly ends: boolean;
}

const END = Buffer.from('\n\n');

/** Spoils the next events of a server-sent stream, however many connections they come on. */
export class EventFaults {
  #fault: EventFault = 'lost';
  #left = 0;
  #held: Buffer | undefined;
  /** The first event that ever passed: everything, as it was then. */
  #first: Buffer | undefined;

  /** From now on `count` events are such. */
  spoil(fault: EventFault, count: number): void {
    this.#fault = fault;
    this.#left = count;
  }

  get first(): Buffer | undefined {
    return this.#first;
  }

  /** Takes one message of a stream, its blank line included. Comments and `retry` pass as they are. */
  pass(message: Buffer): Passed {
    if (dataOf(message) === undefined) return { bytes: [message], ends: false };
    this.#first ??= message;
    if (this.#left === 0) {
      const held = this.#held;
      this.#held = undefined;
      return { bytes: held === undefined ? [message] : [message, held], ends: false };
    }
    this.#left -= 1;
    return this.#spoilt(message);
  }

  #spoilt(message: Buffer): Passed {
    switch (this.#fault) {
      case 'lost':
        return { bytes: [], ends: false };
      case 'duplicated':
        return { bytes: [message, message], ends: false };
      case 'swapped':
        this.#held = message;
        return { bytes: [], ends: false };
      case 'malformed':
        return { bytes: [message.subarray(0, message.length - Math.ceil(sizeOf(message) / 2)), END], ends: false };
      case 'nonsense':
        return { bytes: [withData(message, '{"unexpected":[null,1,"x"]}')], ends: false };
      case 'binary':
        return { bytes: [withData(message, Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x80]))], ends: false };
      case 'older':
        return { bytes: [this.#first ?? message], ends: false };
      case 'truncated':
        return { bytes: [message.subarray(0, message.length >> 1)], ends: true };
    }
  }
}

/** The JSON text of a message. */
export function dataOf(message: Buffer): string | undefined {
  const text = message.toString('utf8');
  const at = text.indexOf('data: ');
  return at < 0 ? undefined : text.slice(at + 'data: '.length).trimEnd();
}

function sizeOf(message: Buffer): number {
  return Buffer.byteLength(dataOf(message) ?? '');
}

function withData(message: Buffer, data: string | Buffer): Buffer {
  return Buffer.concat([message.subarray(0, message.indexOf('data: ') + 'data: '.length), Buffer.from(data), END]);
}
