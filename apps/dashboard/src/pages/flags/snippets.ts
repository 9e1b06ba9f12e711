import type { Flag } from '../../documents.ts';

const METHOD = { boolean: 'boolean', string: 'string', number: 'number', json: 'object' } as const;

/** Code that asks for this flag, with a default that keeps today's behaviour. */
export function nodeSnippet(flag: Flag, origin: string): string {
  const off = flag.variants.find((variant) => variant.name === 'off') ?? flag.variants[0];
  return `import { connect } from '@spillway/node';

const spillway = await connect({ url: '${origin}', sdkKey: process.env.SPILLWAY_SDK_KEY });

const value = spillway.${METHOD[flag.type]}('${flag.key}', ${JSON.stringify(off?.value ?? null)}, { targetingKey: user.id });`;
}

export function curlSnippet(flag: Flag, origin: string): string {
  return `curl ${origin}/api/v1/feature-flags/${flag.key}/evaluate \\
  -H "Authorization: Bearer $SPILLWAY_SDK_KEY" -H 'Content-Type: application/json' \\
  -d '{"context": {"targetingKey": "user-42"}}'`;
}
