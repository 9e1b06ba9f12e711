/** One request whose cost may grow with the number of flags. */
export interface TurnRequest {
  readonly name: string;
  send(): Promise<void>;
}

const ENVIRONMENT = 'production';
const CONTEXT = { targetingKey: 'user-4711', country: 'DE', plan: 'pro', age: 42 };

export interface Plane {
  readonly url: string;
  /** An admin token and an SDK key of production. */
  readonly admin: string;
  readonly sdk: string;
}

type Ask = (method: string, path: string, body?: string, token?: string) => Promise<string>;

/** What looks at every flag, in an order in which each finds nothing done already by the one before. */
export async function* requestsOf(
  { url, admin, sdk }: Plane,
  { flags, round }: { readonly flags: number; readonly round: number },
): AsyncGenerator<TurnRequest> {
  const ask: Ask = async (method, path, body, token = admin) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text.slice(0, 500)}`);
    return text;
  };
  const request = (name: string, ...asked: Parameters<Ask>): TurnRequest => ({
    name,
    send: async () => void (await ask(...asked)),
  });
  const definitions = definitionsOf(flags, round);
  const terms = { managed_by: 'bench', reason: 'benchmark' };
  const toPlan = JSON.stringify({ definitions, managed_by: terms.managed_by });
  const change = JSON.stringify({ enabled: true, percentage: round + 1 });
  const preview = JSON.stringify({
    environment: ENVIRONMENT,
    update: { percentage: 50 },
    contexts: [CONTEXT],
  });
  const everything = JSON.stringify({ environment: ENVIRONMENT, context: CONTEXT });
  let fingerprint = '';
  yield {
    name: 'plan',
    async send() {
      fingerprint = (JSON.parse(await ask('POST', '/api/v1/definitions/plan', toPlan)) as { fingerprint: string })
        .fingerprint;
    },
  };
  const toApply = JSON.stringify({ definitions, ...terms, fingerprint });
  yield request('apply', 'POST', '/api/v1/definitions/apply', toApply);
  yield request('first preview after an apply', 'POST', '/api/v1/feature-flags/flag-1/preview', preview);
  yield request('preview', 'POST', '/api/v1/feature-flags/flag-1/preview', preview);
  yield request('first list after an apply', 'GET', '/api/v1/feature-flags?limit=500');
  yield request('first snapshot after an apply', 'GET', '/api/v1/sdk/snapshot', undefined, sdk);
  yield request('evaluate all', 'POST', '/api/v1/evaluate', everything);
  const past = JSON.stringify({ environment: ENVIRONMENT, context: CONTEXT, at: new Date().toISOString() });
  yield request(
    'change one flag',
    'PATCH',
    `/api/v1/feature-flags/flag-2/environments/${ENVIRONMENT}?reason=benchmark`,
    change,
  );
  yield request('evaluate all after a change', 'POST', '/api/v1/evaluate', everything);
  yield request('evaluate all as of then', 'POST', '/api/v1/evaluate', past);
  yield request('plan what is there', 'POST', '/api/v1/definitions/plan', toPlan);
  yield request('export', 'GET', '/api/v1/definitions');
  yield request('list by search', 'GET', '/api/v1/feature-flags?limit=50&search=flag-49');
  yield request('audit, a page of 500', 'GET', '/api/v1/audit?limit=500');
  yield request('verify the log', 'POST', '/api/v1/audit/verify');
}

function definitionsOf(count: number, round: number) {
  const flag = (index: number) => ({
    description: `Flag ${index} of round ${round}`,
    ...(index % 10 === 0 ? {} : { parent: `flag-${index - (index % 10)}` }),
    environments: {
      [ENVIRONMENT]: {
        enabled: true,
        percentage: (index + round) % 100,
        rules: [
          {
            when: { attribute: 'country', operator: 'in', values: ['DE', 'AT', 'CH'] },
            serve: { variant: 'on' },
          },
        ],
      },
    },
  });
  return { flags: Object.fromEntries(Array.from({ length: count }, (_, index) => [`flag-${index}`, flag(index)])) };
}
