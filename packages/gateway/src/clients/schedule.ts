/** What a connection needs to know of a request on it. */
export interface OngoingRequest {
  readonly isSafe: boolean;
  /** The whole request was received. */
  readonly isReceived: boolean;
  begin(): void;
  /** The client will not read the answer. */
  abandon(): void;
  /** The rest of the request cannot be understood. */
  refuse(status: number, message: string): void;
}

/** When the requests of one connection run: side by side only if all of them are safe (RFC 9112, 9.3.2). */
export class Schedule {
  readonly #running: OngoingRequest[] = [];
  #waiting: OngoingRequest[] = [];
  #allSafe = true;

  add(request: OngoingRequest): void {
    if (this.#waiting.length === 0 && this.#mayRun(request)) this.#run(request);
    else this.#waiting.push(request);
  }

  done(request: OngoingRequest): void {
    const at = this.#running.indexOf(request);
    if (at === -1) {
      this.#waiting = this.#waiting.filter((each) => each !== request);
      return;
    }
    this.#running.splice(at, 1);
    if (this.#running.length === 0) this.#allSafe = true;
    for (let next = this.#waiting[0]; next && this.#mayRun(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#run(next);
    }
  }

  /** The one whose end is still to come from the client: the last, if any. */
  unreceived(): OngoingRequest | undefined {
    return [...this.#running, ...this.#waiting].find((request) => !request.isReceived);
  }

  /** No answer can be given any more: what has not begun never does, so that the client may safely send it again. */
  forgetWaiting(): void {
    this.#waiting = [];
  }

  abandonAll(): void {
    this.forgetWaiting();
    for (const request of [...this.#running]) request.abandon();
  }

  #mayRun(request: OngoingRequest): boolean {
    return this.#running.length === 0 || (this.#allSafe && request.isSafe);
  }

  #run(request: OngoingRequest): void {
    this.#running.push(request);
    this.#allSafe &&= request.isSafe;
    request.begin();
  }
}
