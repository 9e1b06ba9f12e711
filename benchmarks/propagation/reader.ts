import { connect, type Socket } from 'node:net';
import { backoffMs } from '../../sdks/client/src/backoff.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly key: string;
}

export interface Heard {
  /** The stream is there: new, or taken up where it was left. */
  opened(): void;
  /** For the first time, with whatever number it bears. */
  event(): void;
}

const END = Buffer.from('\n\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const OK = Buffer.from('HTTP/1.1 200 ');
const ID = Buffer.from('id: ');
/** Read by whichever socket has something; each takes out what it needs before the next one reads. */
const SHARED = Buffer.allocUnsafe(262_144);

/**
 * A reader of one stream that costs the least: a socket, the number of the last event, and what is left of a message. It comes
 * back as an SDK does.
 */
export class Reader {
  readonly #place: Place;
  readonly #heard: Heard;
  #socket: Socket | undefined;
  #last = -1;
  #isOpen = false;
  #rest: Buffer | undefined;
  #failures = 0;
  #ended = false;

  constructor(place: Place, heard: Heard) {
    this.#place = place;
    this.#heard = heard;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  start(): void {
    const { host, port, path, key } = this.#place;
    const callback = (size: number, bytes: Uint8Array) => {
      this.#read(bytes as Buffer, size);
      return true;
    };
    const socket = connect({ host, port, onread: { buffer: SHARED, callback } });
    this.#socket = socket;
    const resume = this.#last < 0 ? '' : `last-event-id: ${this.#last}\r\n`;
    socket.write(
      `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\naccept: text/event-stream\r\n${resume}\r\n`,
    );
    socket.on('error', () => undefined);
    socket.once('close', () => this.#lost());
  }

  end(): void {
    this.#ended = true;
    this.#socket?.destroy();
  }

  #lost(): void {
    this.#isOpen = false;
    this.#rest = undefined;
    if (this.#ended) return;
    setTimeout(() => this.start(), backoffMs(this.#failures, Math.random));
    this.#failures += 1;
  }

  #read(shared: Buffer, size: number): void {
    const arrived = shared.subarray(0, size);
    let bytes = this.#rest === undefined ? arrived : Buffer.concat([this.#rest, arrived]);
    this.#rest = undefined;
    if (!this.#isOpen) {
      const end = bytes.indexOf(HEAD_END);
      if (end < 0) {
        this.#keep(bytes);
        return;
      }
      if (!bytes.subarray(0, OK.length).equals(OK)) {
        this.#socket?.destroy();
        return;
      }
      bytes = bytes.subarray(end + HEAD_END.length);
      this.#isOpen = true;
      this.#failures = 0;
      this.#heard.opened();
    }
    let from = 0;
    for (let end = bytes.indexOf(END); end >= 0; end = bytes.indexOf(END, from)) {
      if (bytes.subarray(from, from + ID.length).equals(ID)) this.#event(bytes, from + ID.length);
      from = end + END.length;
    }
    this.#keep(bytes.subarray(from));
  }

  /** Taken out of the shared bytes. */
  #keep(bytes: Buffer): void {
    if (bytes.length > 0) this.#rest = Buffer.from(bytes);
  }

  #event(bytes: Buffer, from: number): void {
    const id = Number.parseInt(bytes.toString('latin1', from, from + 16), 10);
    if (id <= this.#last) return;
    this.#last = id;
    this.#heard.event();
  }
}
