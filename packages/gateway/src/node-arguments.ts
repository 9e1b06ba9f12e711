/**
 * What Node is told when it runs a gateway. While garbage is collected nobody is served, so young objects get much room
 * (each collection costs by what is still in use, and of a finished request nothing is), and the little that is left is copied
 * by the main thread alone: threads that help it have to be waited for when the machine is busy. More room than this was measured
 * to cost more processor time a request, as the memory is then new to the caches each time.
 */
export const GATEWAY_NODE_ARGUMENTS: readonly string[] = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--no-parallel-scavenge',
];
