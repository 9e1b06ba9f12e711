import { routerContract } from '../contract.ts';
import { memoryRouter } from './memory-router.ts';

const router = memoryRouter();

routerContract('memory router', () => ({ router, urls: { v1: 'http://127.0.0.1:1', v2: 'http://127.0.0.1:2' } }));
