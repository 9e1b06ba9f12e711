export { exposureEvent, type HappenedType, type Source, type TrackDetails, trackedEvent } from './event.ts';
export { Exposures } from './exposures.ts';
export { createEventQueue, type EventQueue } from './queue.ts';
