export type AdminAddress =
  | { readonly is: 'unix'; readonly path: string }
  | { readonly is: 'loopback'; readonly host: string; readonly port: number };
