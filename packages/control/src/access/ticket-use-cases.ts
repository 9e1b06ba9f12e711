import type { Principal } from '@spillway/core';
import type { Clock } from '../ports/index.ts';
import { isTicketOf, readTicket, type Sealing, type TicketHolder, ticketFor, ticketPeriod } from './tickets.ts';
import type { AccessUseCases } from './use-cases.ts';

export interface TicketDeps<Holder extends TicketHolder> {
  readonly clock: Clock;
  readonly signatures: Sealing;
  /** Only who counts at the moment is found. */
  readonly holders: {
    find(secret: string): Holder | undefined;
    named(key: string): Holder | undefined;
  };
  /** Undefined: may hold no ticket. */
  principalOf(holder: Holder): Principal | undefined;
}

type TicketUseCases = Pick<AccessUseCases, 'ticketFor' | 'authenticateTicket' | 'ticketHolder'>;

export function createTicketUseCases<Holder extends TicketHolder>({
  clock,
  signatures,
  holders,
  principalOf,
}: TicketDeps<Holder>): TicketUseCases {
  /** Asked for with every answer that carries one. */
  const handedOut = new WeakMap<Holder, { readonly period: number; readonly ticket: string }>();

  async function ticketHolder(ticket: string): Promise<Principal | undefined> {
    const holder = holders.named(readTicket(ticket)?.key ?? '');
    return holder !== undefined && isTicketOf(holder, ticket, signatures) ? principalOf(holder) : undefined;
  }

  return {
    ticketFor(secret) {
      const holder = holders.find(secret);
      if (holder === undefined || principalOf(holder) === undefined) return undefined;
      const period = ticketPeriod(clock.now());
      const known = handedOut.get(holder);
      if (known?.period === period) return known.ticket;
      const ticket = ticketFor(holder, period, signatures);
      handedOut.set(holder, { period, ticket });
      return ticket;
    },
    async authenticateTicket(ticket) {
      const read = readTicket(ticket);
      return read === undefined || read.expires_at_ms <= clock.now() ? undefined : ticketHolder(ticket);
    },
    ticketHolder,
  };
}
