import { describeStore, sha256 } from '../contract.ts';
import { createMemoryStore } from './memory-store.ts';

describeStore('memory', async () => createMemoryStore({ sha256 }));
