/** What became of a payload. */
export type Received =
  /** Taken, or confirmed to be the newest. */
  | { readonly is: 'current' }
  /** Nothing new, which does not say that there is nothing newer. */
  | { readonly is: 'known' }
  /** Made for another state than the one held: the whole configuration is needed. */
  | { readonly is: 'unfit' }
  /** Unreadable, older or of another environment; the last good one stays. */
  | { readonly is: 'refused'; readonly problem: string };

/** What a connection delivers to. It decides what is good; the connection only carries. */
export interface Receiver {
  /** The configuration number to go on from; undefined until the server itself has sent one. */
  resumeFrom(): number | undefined;
  receive(event: string, data: string): Received;
}
