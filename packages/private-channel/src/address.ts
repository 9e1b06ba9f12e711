/** Where a channel is reached. Both are on this machine only. */
export type ChannelAddress =
  | { readonly is: 'unix'; readonly path: string }
  | { readonly is: 'loopback'; readonly host: string; readonly port: number };

/** Where a channel is to be opened; port 0 takes a free one. */
export type ListenAddress =
  | { readonly is: 'unix'; readonly path: string }
  | { readonly is: 'loopback'; readonly port: number };
