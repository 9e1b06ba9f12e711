import { type Client, type ClientOptions, createClient as createOn } from './client.ts';
import { browserPlatform } from './platform.ts';

export type { Client, ClientOptions, FlagsChange } from './client.ts';
export type { Source, Status } from './status.ts';
export type { Context, Details, Json, Reason, Values, Widened } from './values.ts';
export { detailsIn } from './values.ts';

/** A client for pages: the server evaluates, this holds one user's values. Nothing happens until `initialize`. */
export function createClient(given: ClientOptions): Client {
  // A page that was rendered without an address must not break.
  const options = { ...given, url: String(given?.url ?? '') };
  return createOn(options, browserPlatform(options.log));
}
