import type { z } from 'zod';
import type { Auth, Route } from '../route.ts';
import { type RouteName, routes } from '../routes.ts';
import { type Components, createComponents, type Schema } from './components.ts';
import { examples } from './examples.ts';

/** The API as an OpenAPI 3.1 document, made from the table that also routes and validates. */
export function openApiDocument(): Schema {
  const components = createComponents(Object.values(routes));
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Spillway',
      version: '1',
      summary: 'Release gradually, stop instantly.',
      description:
        'Every refusal is a problem document (RFC 9457) with a stable `code`. Changes of what has versions ' +
        'take `If-Match` with the version they were made from, all else that is no GET is refused with it. Writes take ' +
        '`Idempotency-Key` to be repeated safely. Lists are paged by cursor.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...new Set(Object.values(routes).map(({ path }) => tagOf(path)))].map((name) => ({ name })),
    paths: { ...paths(components), [SOCKET_PATH]: SOCKET },
    components: {
      schemas: { ...components.named, Problem: PROBLEM, ManifestFailure: MANIFEST_FAILURE },
      responses: {
        Problem: {
          description: 'Refused',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
        OfrepFailure: {
          description: 'Refused, or no value',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/OfrepFailure' } } },
        },
        ManifestFailure: {
          description: 'Refused',
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/ManifestFailure' } },
          },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An admin token.' },
        sdk_key: { type: 'http', scheme: 'bearer', description: 'An SDK key; it belongs to one environment.' },
        client_key: { type: 'http', scheme: 'bearer', description: 'A client key; it may be seen in a page.' },
        ticket: {
          type: 'apiKey',
          in: 'query',
          name: 'ticket',
          description: 'For some minutes instead of a key; comes with the evaluation of all flags.',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'spillway_session',
          description: 'Set by signing in; `__Host-spillway_session` over HTTPS.',
        },
      },
    },
  };
}

const SOCKET_PATH = '/ws';

/** As much of the WebSocket as there are words for: how it is opened. What is said on it is told in prose. */
const SOCKET: Schema = {
  get: {
    operationId: 'socket',
    tags: ['sdk'],
    summary: 'The streams for SDKs and for pages, as a WebSocket',
    description:
      'The first and only message of the client is JSON: `token` (the key, unless `Authorization` was sent), for a client key ' +
      '`context`, for an SDK key `last_event_id`. Each message of the server is one event, `{id, event, data}`. A refusal is a ' +
      'message `{event: "problem", data}` before the socket closes with 4000 and the status of HTTP, such as 4401.',
    security: [{}, { sdk_key: [] }, { client_key: [] }],
    parameters: [
      { name: 'Upgrade', in: 'header', required: true, schema: { const: 'websocket' } },
      { name: 'Sec-WebSocket-Version', in: 'header', required: true, schema: { const: '13' } },
    ],
    responses: {
      101: { description: 'The WebSocket is open.' },
      426: {
        description: 'The request did not ask for a WebSocket.',
        headers: { Upgrade: { schema: { const: 'websocket' } } },
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  },
};

const PROBLEM: Schema = {
  type: 'object',
  description: 'Why a request was turned down (RFC 9457). Branch on `code`; the prose may change.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    code: { type: 'string', examples: ['invalid', 'stale', 'not_found'] },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: {
            type: 'string',
            description:
              'A JSON Pointer into the body; `?name` is a query parameter, `{name}` a part of the path, `body` is all of it, otherwise a header.',
          },
          message: { type: 'string' },
        },
      },
    },
    request_id: { type: 'string' },
  },
};

function paths(components: Components): Schema {
  const byPath: Record<string, Record<string, unknown>> = {};
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name];
    byPath[route.path] = { ...byPath[route.path], [route.method.toLowerCase()]: operation(name, route, components) };
  }
  return byPath;
}

function operation(name: RouteName, route: Route, components: Components): Schema {
  const example = examples[name];
  return {
    operationId: name,
    tags: [tagOf(route.path)],
    summary: route.summary,
    security: [...SECURITY[route.auth], ...(route.ticket === true ? [{ ticket: [] }] : [])],
    parameters: parameters(route, components),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse({}).success,
            content: {
              'application/json': {
                schema: components.schemaOf(route.body, 'input'),
                ...(example === undefined ? {} : { example }),
              },
            },
          },
        }),
    ...(route.upload === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(route.upload.map((type) => [type, { schema: { type: 'string' } }])),
          },
        }),
    responses: {
      [route.success.status]: success(route, components),
      default: { $ref: `#/components/responses/${REFUSALS[route.refusals ?? 'problem']}` },
    },
  };
}

/** What OpenFeature's tools read of a refusal. */
const MANIFEST_FAILURE: Schema = {
  allOf: [
    { $ref: '#/components/schemas/Problem' },
    {
      type: 'object',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          required: ['message', 'status'],
          properties: {
            message: { type: 'string' },
            status: { type: 'integer' },
            details: {
              type: 'array',
              items: {
                type: 'object',
                properties: { field: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  ],
};

const REFUSALS = { problem: 'Problem', ofrep: 'OfrepFailure', manifest: 'ManifestFailure' } as const;

const SECURITY: Readonly<Record<Auth, readonly Schema[]>> = {
  public: [],
  admin: [{ token: [] }, { session: [] }],
  sdk: [{ sdk_key: [] }],
  client: [{ client_key: [] }],
  sdk_or_client: [{ sdk_key: [] }, { client_key: [] }],
  admin_or_sdk: [{ token: [] }, { session: [] }, { sdk_key: [] }],
};

function parameters(route: Route, components: Components): readonly Schema[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  return [
    ...fieldsOf(route.params, 'path', components),
    ...fieldsOf(route.query, 'query', components),
    ...(route.conditional === true ? [header('If-Match', 'The version this write was made from, e.g. `"3"`.')] : []),
    ...(route.method === 'GET'
      ? []
      : [header('Idempotency-Key', 'A repeated write with the same key changes nothing.')]),
    ...(route.success.stream === undefined ? [] : [header('Last-Event-ID', 'The id of the last event seen.')]),
  ];
}

function fieldsOf(schema: z.ZodObject | undefined, place: 'path' | 'query', components: Components): readonly Schema[] {
  if (schema === undefined) return [];
  return Object.entries(schema.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: components.schemaOf(field as z.ZodType, 'input'),
  }));
}

function success(route: Route, components: Components): Schema {
  if (route.success.stream === 'sse') {
    return {
      description: 'Server-sent events until either end closes.',
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    };
  }
  if (route.success.file !== undefined) {
    const types = route.success.file.map((type) => [type, { schema: { type: 'string' } }]);
    return { description: 'The file.', content: Object.fromEntries(types) };
  }
  if (route.success.body === undefined) return { description: 'Done.' };
  return {
    description: 'Done.',
    content: { 'application/json': { schema: components.schemaOf(route.success.body, 'output') } },
  };
}

function tagOf(path: string): string {
  const [, api, , ...rest] = path.split('/');
  if (api === 'ofrep') return 'ofrep';
  if (api !== 'api') return 'server';
  return rest[0] === 'environments' && rest[2] !== undefined ? rest[2] : (rest[0] ?? 'server');
}
