export interface Random {
  /** Sortable unique id (UUIDv7). */
  id(): string;
  /** Unguessable, URL-safe, at least 256 bits. */
  secret(): string;
}
