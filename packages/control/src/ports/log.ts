/** Where the control plane says what happened to itself. Details never hold secrets. A pino logger fits as it is. */
export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
