import {
  type Answer,
  alternatives,
  answerOf,
  type Comparison,
  type Definitions,
  type Flag,
  partsOf,
  type User,
} from '../definitions.ts';
import type { Engine } from './engine.ts';
import { peer } from './installed.ts';

interface Snapshot {
  getValue(key: string, fallback: Answer, user: Context): Answer;
  getValueDetails(
    key: string,
    fallback: Answer,
    user: Context,
  ): { value: Answer; variationId?: string; isDefaultValue: boolean };
}

interface Module {
  getClient(key: string, mode: number, options: object): { waitForReady(): Promise<unknown>; snapshot(): Snapshot };
  createConsoleLogger(level: number): object;
  PollingMode: { ManualPoll: number };
  LogLevel: { Off: number };
}

interface Context {
  identifier: string;
  email: string;
  country: string;
  custom: Record<string, string | number>;
}

/** In the shape of a real key, which the client insists on. */
const KEY = 'configcat-sdk-1/AAAAAAAAAAAAAAAAAAAAAA/BBBBBBBBBBBBBBBBBBBBBB';

export const configcat: Engine<Context> = {
  name: 'configcat',
  package: '@configcat/sdk',
  payload: (definitions) => JSON.stringify(configOf(definitions)),
  load: async () => {
    const { getClient, createConsoleLogger, PollingMode, LogLevel } = peer<Module>('@configcat/sdk');
    return {
      open: async (payload) => {
        const client = getClient(KEY, PollingMode.ManualPoll, {
          offline: true,
          logger: createConsoleLogger(LogLevel.Off),
          cache: { get: () => `${Date.now()}\n"etag"\n${payload}`, set: () => undefined },
        });
        await client.waitForReady();
        const snapshot = client.snapshot();
        return {
          context: ({ targetingKey, email, country, ...custom }: User) => ({
            identifier: targetingKey,
            email,
            country,
            custom,
          }),
          asker: (flag) => {
            const fallback = answerOf(flag, flag.off);
            const { key } = flag;
            return {
              value: (user) => snapshot.getValue(key, fallback, user),
              details: (user) => {
                const { value, variationId, isDefaultValue } = snapshot.getValueDetails(key, fallback, user);
                return isDefaultValue ? undefined : (variationId ?? value);
              },
            };
          },
        };
      },
    };
  },
};

function configOf(definitions: Definitions) {
  return {
    p: { u: 'http://127.0.0.1:9', r: 0, s: 'c2FsdA==' },
    f: Object.fromEntries(definitions.flags.map((flag) => [flag.key, settingOf(flag, definitions)])),
  };
}

function settingOf(flag: Flag, definitions: Definitions) {
  const served = (variant: string) => ({
    v: flag.type === 'boolean' ? { b: variant === 'true' } : { s: variant },
    i: `${flag.key}-${variant}`,
  });
  const t = flag.type === 'boolean' ? 0 : 1;
  if (!flag.enabled) return { t, ...served(flag.off) };
  const r = flag.rules.flatMap(({ when, variant }) =>
    alternatives(when, definitions).map((comparisons) => ({
      c: comparisons.map((comparison) => ({ u: comparisonOf(comparison) })),
      s: served(variant),
    })),
  );
  const parts = partsOf(flag.otherwise);
  const p = parts.map(({ variant, percentage }) => ({ p: percentage, ...served(variant) }));
  return { t, r, ...(parts.length > 1 ? { p } : {}), ...served(parts.at(-1)?.variant ?? flag.off) };
}

const NAMES: Readonly<Record<string, string>> = { targetingKey: 'Identifier', email: 'Email', country: 'Country' };

function comparisonOf(comparison: Comparison) {
  const a = NAMES[comparison.attribute] ?? comparison.attribute;
  switch (comparison.operator) {
    case 'in':
      return { a, c: 0, l: comparison.values };
    case 'ends_with':
      return { a, c: 32, l: [comparison.value] };
    case 'above':
      return { a, c: 14, d: comparison.value };
    case 'semver_above':
      return { a, c: 8, s: comparison.value };
  }
}
