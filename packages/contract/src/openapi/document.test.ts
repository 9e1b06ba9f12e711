import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../route.ts';
import { type RouteName, routes } from '../routes.ts';
import { openApiDocument } from './document.ts';
import { examples } from './examples.ts';

type Node = Readonly<Record<string, unknown>>;
const document = JSON.parse(JSON.stringify(openApiDocument())) as Node;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

function at(pointer: string): unknown {
  let value: unknown = document;
  for (const step of pointer.replace(/^#\//, '').split('/')) {
    if (!isNode(value)) return undefined;
    value = value[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return value;
}

function walk(value: unknown, visit: (node: Node, path: string) => void, path = '#'): void {
  if (Array.isArray(value)) value.forEach((item, index) => void walk(item, visit, `${path}/${index}`));
  if (!isNode(value)) return;
  visit(value, path);
  for (const [key, child] of Object.entries(value)) walk(child, visit, `${path}/${key}`);
}

function operations(): readonly { readonly path: string; readonly method: string; readonly operation: Node }[] {
  return Object.entries(document.paths as Record<string, Record<string, Node>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

test('the document has the members that OpenAPI 3.1 requires', () => {
  assert.match(String(document.openapi), /^3\.1\.\d+$/);
  assert.ok(
    isNode(document.info) && typeof document.info.title === 'string' && typeof document.info.version === 'string',
  );
  for (const name of Object.keys(at('#/components/schemas') as Node)) assert.match(name, /^[a-zA-Z0-9._-]+$/);
  for (const { path, operation } of operations()) {
    assert.match(path, /^\//);
    const responses = operation.responses as Record<string, Node>;
    assert.ok(Object.keys(responses).length >= 2, `${path} says how it succeeds and how it refuses`);
    for (const [status, response] of Object.entries(responses)) {
      assert.match(status, /^(?:[1-5]\d\d|default)$/);
      assert.ok('$ref' in response || typeof response.description === 'string');
    }
  }
});

test('every route is there once, with its own operation id', () => {
  const seen = new Map(operations().map(({ operation, path, method }) => [operation.operationId, `${method} ${path}`]));
  assert.equal(seen.size, Object.keys(routes).length + 1);
  assert.equal(seen.get('socket'), 'get /ws', 'beside the routes there is the WebSocket');
  for (const [name, route] of Object.entries(routes)) {
    assert.equal(seen.get(name), `${route.method.toLowerCase()} ${route.path}`);
  }
});

test('every parameter in a path is declared, required and not repeated', () => {
  for (const { path, operation } of operations()) {
    const declared = (operation.parameters as readonly Node[]).filter((parameter) => parameter.in === 'path');
    assert.deepEqual(
      declared.map((parameter) => parameter.name).sort(),
      [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      path,
    );
    for (const parameter of declared) assert.equal(parameter.required, true);
    const all = (operation.parameters as readonly Node[]).map((parameter) => `${parameter.in} ${parameter.name}`);
    assert.equal(new Set(all).size, all.length);
  }
});

test('every reference leads somewhere, and every security requirement names a scheme', () => {
  let references = 0;
  walk(document, (node, path) => {
    if (typeof node.$ref !== 'string') return;
    references += 1;
    assert.notEqual(at(node.$ref), undefined, `${path} refers to ${node.$ref}`);
  });
  assert.ok(references > 50, `${references} references`);
  for (const { operation, path } of operations()) {
    assert.ok(Array.isArray(operation.security), `${path} says who may call it`);
    for (const requirement of operation.security as readonly Node[]) {
      for (const scheme of Object.keys(requirement)) assert.ok(at(`#/components/securitySchemes/${scheme}`), scheme);
    }
  }
});

test('what a route takes is described in the sent form, what it answers in the full form', () => {
  const plan = at('#/components/schemas/RolloutPlanSent') as Node;
  assert.deepEqual(plan.required, ['key', 'environment', 'stages']);
  const stored = at('#/components/schemas/RolloutPlan') as Node;
  assert.ok((stored.required as readonly string[]).includes('rollback_on_failure'));
});

test('events are described by what each of them may be, though each is read by itself', () => {
  const body = '#/paths/~1api~1v1~1events/post/requestBody/content/application~1json/schema';
  const forms = at(`${body}/properties/events/items/oneOf`) as readonly Node[];
  const exposure = forms.find(({ properties }) => JSON.stringify(properties).includes('flag_evaluated')) ?? {};
  assert.deepEqual(exposure.required, ['id', 'at', 'type', 'flag', 'variant']);
  const { configuration } = exposure.properties as Node;
  assert.deepEqual(configuration, { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
  assert.equal(forms.filter(({ properties }) => isNode(properties) && 'configuration' in properties).length, 1);
  assert.ok(routes.recordEvents.body.safeParse({ events: ['crooked', null] }).success);
});

test('unknown fields are refused in every described body, as the server does', () => {
  const flag = at('#/components/schemas/FlagInput') as Node;
  assert.equal(flag.additionalProperties, false);
});

test('every example passes its own route', () => {
  assert.ok(Object.keys(examples).length >= 10);
  for (const [name, example] of Object.entries(examples)) {
    const route: Route = routes[name as RouteName];
    const parsed = route.body?.safeParse(example);
    assert.equal(parsed?.success, true, `${name}: ${parsed?.error?.message}`);
  }
});
