import type { CallFailure } from '../instances/call.ts';

/** What the client is told when a call has failed and nothing else can be tried. */
export interface FailureAnswer {
  readonly status: number;
  readonly message: string;
}

export const FAILURE_ANSWERS: Readonly<Record<CallFailure, FailureAnswer>> = {
  connect: { status: 503, message: 'No instance of this service can be reached now.' },
  timeout: { status: 504, message: 'The service took too long to answer.' },
  protocol: { status: 502, message: 'The service gave an answer that is not valid HTTP.' },
  reset: { status: 502, message: 'The service closed the connection before it answered.' },
};
