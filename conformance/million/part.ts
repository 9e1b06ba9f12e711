import { parentPort, workerData } from 'node:worker_threads';
import { runDifferential } from '../differential/run.ts';

/** One worker's share: `{ cases, seed }` in, a `Run` out. */
const { cases, seed }: { readonly cases: number; readonly seed: number } = workerData;
parentPort?.postMessage(runDifferential(cases, seed));
