import type { Call, Control, Subscription } from '@spillway/control';
import type { Outcome } from '@spillway/core';
import type { EvaluationContext } from '@spillway/evaluator';
import { refetchEvent } from '../ofrep/answers.ts';
import { StreamEvent, streamEvent } from './event.ts';

const CLIENT_ACCESS = 'client_access';

export type Send = (event: StreamEvent) => void;

/** What a stream carries; `since` is the event that its reader saw last. Events may come before the answer does. */
export type Source = (call: Call, since: number | undefined, send: Send) => Promise<Outcome<Subscription>>;

/** The environment's configuration: all of it or what came after `since`, then every change. */
export function definitionsOf({ snapshots }: Pick<Control, 'snapshots'>): Source {
  return (call, since, send) =>
    snapshots.subscribe(call, since, (event) =>
      send(streamEvent(event, () => ({ id: event.id, event: event.event, data: event.text }))),
    );
}

/** `values` first, then a `change` whenever values of this context differ. */
export function valuesOf({ evaluation }: Pick<Control, 'evaluation'>, context: EvaluationContext): Source {
  return (call, _, send) =>
    evaluation.follow(call, context, ({ event, data }) =>
      send(new StreamEvent({ id: data.configuration, event, data: JSON.stringify(data) })),
    );
}

/** OFREP's word that it is time to ask again. */
export function refetchesOf({ evaluation }: Pick<Control, 'evaluation'>, after: number | undefined): Source {
  return (call, since, send) =>
    evaluation.watch(call, since ?? after, (configuration) => send(refetchEvent(configuration)));
}

/** Who may ask from a browser: the present first, then whatever it becomes. */
export function clientAccessOf({ clientAccess }: Pick<Control, 'clientAccess'>): Source {
  return (call, since, send) =>
    clientAccess.subscribe(call, since, (access) =>
      send(streamEvent(access, () => ({ id: access.number, event: CLIENT_ACCESS, data: JSON.stringify(access) }))),
    );
}

/** The log, entry by entry. */
export function changesOf({ audit }: Pick<Control, 'audit'>): Source {
  return (call, since, send) =>
    audit.subscribe(call, since, (entry) =>
      send(streamEvent(entry, () => ({ id: entry.seq, event: 'change', data: JSON.stringify(entry) }))),
    );
}
