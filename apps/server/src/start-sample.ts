import type { Client } from '@spillway/contract/client';

/** What a new installation has to show: one flag, and a key to ask for it with. */
const SAMPLE_FLAG = 'welcome-banner';
const SAMPLE_ENVIRONMENT = 'development';
const CONTEXT = { targetingKey: 'you' } as const;

export interface Sample {
  readonly sdkKey: string;
  /** A command that can be pasted into a shell, and the line it prints now. */
  readonly command: string;
  readonly output: string;
}

/** Makes the sample flag and its key in an empty installation; undefined when somebody has work of their own here. */
export async function prepareSample(
  admin: Client,
  connect: (token: string) => Client,
  url: string,
  knownKey: string | undefined,
): Promise<Sample | undefined> {
  const sdkKey = knownKey ?? (await seed(admin));
  if (sdkKey === undefined) return undefined;
  const answer = await connect(sdkKey).call('evaluateFlag', {
    params: { key: SAMPLE_FLAG },
    body: { context: CONTEXT },
  });
  if (!answer.ok || answer.value.errorCode !== undefined) return undefined;
  const command =
    `curl -s ${url}/api/v1/feature-flags/${SAMPLE_FLAG}/evaluate -H 'Authorization: Bearer ${sdkKey}' ` +
    `-H 'Content-Type: application/json' -d '${JSON.stringify({ context: CONTEXT })}'`;
  return { sdkKey, command, output: JSON.stringify(answer.value) };
}

async function seed(admin: Client): Promise<string | undefined> {
  const flags = await admin.call('listFlags', { query: { limit: 1 } });
  if (!flags.ok || flags.value.items.length > 0) return undefined;
  const flag = await admin.call('createFlag', {
    query: { reason: 'a first flag to try' },
    body: {
      key: SAMPLE_FLAG,
      type: 'boolean',
      description: 'A sample: change it and ask again',
      environments: { [SAMPLE_ENVIRONMENT]: { enabled: true, percentage: 100 } },
    },
  });
  if (!flag.ok) return undefined;
  const token = await admin.call('createToken', {
    body: { name: 'getting-started', kind: 'sdk', environment: SAMPLE_ENVIRONMENT },
  });
  return token.ok ? token.value.secret : undefined;
}
