import type { Flag } from '../../documents.ts';

/** Code that asks for this flag, with a default that keeps today's behaviour. */
export function nodeSnippet(flag: Flag, origin: string): string {
  const off = flag.variants.find((variant) => variant.name === 'off') ?? flag.variants[0];
  return `import { createClient } from '@spillway/node';

const spillway = createClient({ url: '${origin}', sdkKey: process.env.SPILLWAY_SDK_KEY ?? '' });
await spillway.initialize();

const value = spillway.${flag.type}('${flag.key}', { targetingKey: user.id }, ${JSON.stringify(off?.value ?? null)});`;
}

export function curlSnippet(flag: Flag, origin: string): string {
  return `curl ${origin}/api/v1/feature-flags/${flag.key}/evaluate \\
  -H "Authorization: Bearer $SPILLWAY_SDK_KEY" -H 'Content-Type: application/json' \\
  -d '{"context": {"targetingKey": "user-42"}}'`;
}
