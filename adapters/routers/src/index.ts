export { gatewayRouter } from './gateway/gateway-router.ts';
export { memoryRouter } from './memory/memory-router.ts';
