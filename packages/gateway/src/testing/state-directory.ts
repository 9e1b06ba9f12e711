import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export function newStateDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'spillway-gateway-'));
}

export function removeStateDirectory(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

/** For gateways that come one after another within a test; it goes away with the test. */
export async function sharedStateDirectory(context: TestContext): Promise<string> {
  const path = await newStateDirectory();
  context.after(() => removeStateDirectory(path));
  return path;
}
