import {
  type Answer,
  type Body,
  type Channel,
  type ChannelRequest,
  type ListenAddress,
  notFound,
  openChannel,
  refusal,
} from '@spillway/private-channel';
import { isService, isVersionName, parseSpec } from '../desired/spec.ts';
import type { Fleet } from '../fleet.ts';

export const LOG_TAIL_BYTES = 65_536;

export interface AdminParts {
  readonly fleet: Fleet;
  readonly token: string;
  readonly listen: ListenAddress;
}

/**
 * The supervisor's door: `PUT|DELETE /services/<service>/versions/<version>`, `GET /services/<service>/instances`,
 * `GET /instances/<id>/log`, `GET /health`. Names are percent-encoded.
 */
export function openAdmin({ fleet, token, listen }: AdminParts): Promise<Channel> {
  return openChannel({ token, listen, owner: 'supervisor', handle: (request) => answer(request, fleet) });
}

async function answer(request: ChannelRequest, fleet: Fleet): Promise<Answer> {
  const { method, path, names } = request;
  const [noun, name = '', part, version] = names;
  if (method === 'GET') return read(request, fleet);
  if (noun !== 'services' || part !== 'versions' || version === undefined || names.length !== 4) return notFound(path);
  if (!isService(name)) return refusal(400, 'invalid', 'service', 'must be environment/key');
  if (!isVersionName(version)) return refusal(400, 'invalid', 'version', 'must be a version name');
  if (method === 'PUT') return run(name, version, await request.json(), fleet);
  if (method === 'DELETE') {
    await fleet.stop(name, version);
    return { status: 204, body: undefined };
  }
  return refusal(405, 'method_not_allowed', undefined, 'Versions take PUT and DELETE.');
}

async function read({ path, names }: ChannelRequest, fleet: Fleet): Promise<Answer> {
  const [noun, name = '', part] = names;
  if (noun === 'health' && names.length === 1) return { status: 200, body: { status: 'ok', pid: process.pid } };
  if (names.length !== 3) return notFound(path);
  if (noun === 'services' && part === 'instances') return { status: 200, body: { instances: fleet.observe(name) } };
  const log = noun === 'instances' && part === 'log' ? fleet.log(name) : undefined;
  return log === undefined ? notFound(path) : { status: 200, body: { log: await log.tail(LOG_TAIL_BYTES) } };
}

async function run(service: string, version: string, body: Body, fleet: Fleet): Promise<Answer> {
  if (body.is === 'refused') return body.answer;
  const parsed = parseSpec(body.value);
  if (parsed.is === 'refused') return refusal(400, 'invalid', parsed.field, parsed.message);
  if (parsed.spec.name !== version) {
    return refusal(400, 'invalid', 'name', `The path names ${version}, the body ${parsed.spec.name}.`);
  }
  const outcome = await fleet.run(service, parsed.spec);
  if (outcome.is === 'refused') return refusal(409, 'conflict', outcome.field, outcome.message);
  return { status: 204, body: undefined };
}
