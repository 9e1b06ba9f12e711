/** What a relay is made of: it holds, stores and counts as a client does, for others. */
export { backoffMs } from './backoff.ts';
export { definitionsAt } from './definitions.ts';
export { type Delivery, postEvents } from './events/post.ts';
export { Holder, type Source } from './holder.ts';
export { createKeeper } from './keeper.ts';
export { createSummaries, type Summaries } from './summaries.ts';
