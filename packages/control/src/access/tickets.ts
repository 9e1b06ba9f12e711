import type { Signatures } from '../ports/index.ts';

export type Sealing = Pick<Signatures, 'hmacSha256'>;

/** A ticket may be shown for at least one of these after it was handed out, and for at most two. */
export const TICKET_PERIOD_MS = 5 * 60_000;

/** Whose ticket it is: a name that is no secret, and what only the holder and the server know. */
export interface TicketHolder {
  readonly key: string;
  /** Lower-case hex. */
  readonly secret_sha256: string;
}

export interface ReadTicket {
  /** The holder that the ticket names; nothing is proved by it. */
  readonly key: string;
  readonly expires_at_ms: number;
}

const FORM = /^([A-Za-z0-9_-]{1,64})\.([1-9][0-9]{0,12})\.[\w-]{43}$/;
const PURPOSE = 'spillway.ticket/1';

export function ticketPeriod(now: number): number {
  return Math.floor(now / TICKET_PERIOD_MS);
}

/** Derived instead of drawn: every replica gives the same one, knows it after a restart, and keeps nothing for it. */
export function ticketFor(holder: TicketHolder, period: number, signatures: Sealing): string {
  return sealed(holder, period + 2, signatures);
}

/** What a ticket says of itself; undefined for anything that is not formed like one. */
export function readTicket(ticket: string): ReadTicket | undefined {
  const [, key, end] = FORM.exec(ticket) ?? [];
  return key === undefined ? undefined : { key, expires_at_ms: Number(end) * TICKET_PERIOD_MS };
}

export function isTicketOf(holder: TicketHolder, ticket: string, signatures: Sealing): boolean {
  const read = readTicket(ticket);
  if (read === undefined || read.key !== holder.key) return false;
  return isSameText(sealed(holder, read.expires_at_ms / TICKET_PERIOD_MS, signatures), ticket);
}

/** `end`: the period at whose beginning it runs out. */
function sealed({ key, secret_sha256 }: TicketHolder, end: number, signatures: Sealing): string {
  return `${key}.${end}.${signatures.hmacSha256(`${PURPOSE} ${key} ${end}`, secret_sha256)}`;
}

/** Takes as long whatever differs, so that nobody finds a seal letter by letter. */
function isSameText(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index += 1) difference |= one.charCodeAt(index) ^ other.charCodeAt(index);
  return difference === 0;
}
