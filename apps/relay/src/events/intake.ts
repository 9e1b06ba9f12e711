import { type Clock, type Control, createEventIntake } from '@spillway/control';
import { refuse } from '@spillway/core';
import type { Upstream } from '../upstream.ts';

export interface IntakeDeps {
  readonly clock: Clock;
  /** Where events of an environment go on to; undefined where no key for it counts. */
  readonly upstreamOf: (environment: string) => Pick<Upstream, 'events'> | undefined;
  readonly wantsSigned: (environment: string) => boolean;
}

/** The control plane's own intake, which keeps on this relay's disk what it is to send on. */
export function createRelayIntake({ clock, upstreamOf, wantsSigned }: IntakeDeps): Pick<Control['events'], 'record'> {
  const intake = createEventIntake({
    ...{ clock, wantsSigned },
    // The key decides the project, at the upstream.
    project: '',
    events: {
      async add(_, events) {
        const [first] = events;
        if (first !== undefined) await upstreamOf(first.environment)?.events.add(first.source, events);
        // Which of them were there before only the upstream knows.
        return events.length;
      },
    },
  });
  return {
    async record(call, sent) {
      const { principal } = call;
      if (principal.kind === 'admin') return intake.record(call, sent);
      const upstream = principal.environment === '' ? undefined : upstreamOf(principal.environment);
      if (upstream === undefined) return unheard();
      if (!upstream.events.hasRoomFor(sent.source ?? principal.kind, sent.events.length)) return full();
      return intake.record(call, sent);
    },
  };
}

function unheard() {
  return refuse('unavailable', 'This relay has not heard from its upstream yet. Try again in a moment.');
}

function full() {
  return refuse(
    'rate_limited',
    'This relay keeps as many events as it may until its upstream takes them. Send them again later.',
  );
}
