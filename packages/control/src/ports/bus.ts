/** Tells the other replicas that the log has grown. A lost message costs latency only, because followers also look by themselves. */
export interface Bus {
  /** `seq` is the newest entry the sender knows of. */
  publish(project: string, seq: number): Promise<void>;
  subscribe(listener: (project: string, seq: number) => void): { close(): void };
}
