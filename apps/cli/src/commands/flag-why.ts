import type { Json } from '@spillway/evaluator';
import type { Command } from 'commander';
import { usageFailure } from '../output/failure.ts';
import { expectAnswer, print } from '../output/print.ts';
import { traceText } from '../output/trace-tree.ts';
import { attributes, collected, instant } from './arguments.ts';
import { connected, type ServerOptions, withServer } from './options.ts';
import { failForUnknown } from './unknown-flags.ts';

interface WhyOptions extends ServerOptions {
  readonly environment: string;
  readonly key?: string;
  readonly attr: readonly string[];
  readonly context?: Readonly<Record<string, Json>>;
  readonly at?: number;
}

/** Why a user gets what they get, as a tree. */
export function addFlagWhy(flags: Command): void {
  withServer(flags.command('why <key>').description('why a user gets what they get, condition by condition'))
    .requiredOption('-e, --environment <name>', 'in which environment; required')
    .option('-k, --key <key>', 'the user, organisation or device')
    .option(
      '-a, --attr <name=value>',
      'an attribute; JSON or text, dots lead into objects; may be repeated',
      collected,
      [],
    )
    .option('-c, --context <json>', 'attributes as a JSON object; those of --attr go before', attributes)
    .option('--at <time>', 'the moment to ask about, such as 2026-12-24T08:00:00Z', instant)
    .action(async (flag: string, options: WhyOptions) => {
      const { environment, at, key } = options;
      const context = {
        ...options.context,
        ...attributesOf(options.attr),
        ...(key === undefined ? {} : { targetingKey: key }),
      };
      const { client } = connected(options);
      const asked = { environment, ...(at === undefined ? {} : { at: new Date(at).toISOString() }) };
      const answer = expectAnswer(
        await client.call('evaluateFlag', { params: { key: flag }, body: { context, trace: true, ...asked } }),
      );
      print(answer, options, ({ value, variant, reason, errorMessage, trace }) =>
        [
          `${flag} is ${JSON.stringify(value ?? null)}${variant === undefined ? '' : ` (${variant})`}, ${reason}`,
          ...(errorMessage === undefined ? [] : [errorMessage]),
          ...(trace === undefined ? [] : [traceText(flag, trace)]),
        ].join('\n'),
      );
      await failForUnknown([answer], { client, ...asked });
    });
}

/** `plan=pro`, `age=30`, `organisation.plan=pro`: a value that is JSON is that, all else is text. */
function attributesOf(given: readonly string[]): Record<string, Json> {
  const context: Tree = new Map();
  for (const text of given) {
    const cut = text.indexOf('=');
    if (cut < 1) throw usageFailure(`--attr must be like plan=pro, not ${text}`);
    put(context, text.slice(0, cut).split('.'), readValue(text.slice(cut + 1)), text);
  }
  return toObject(context);
}

type Tree = Map<string, Tree | { readonly value: Json }>;

function put(tree: Tree, [name = '', ...path]: readonly string[], value: Json, text: string): void {
  if (name === '' || name === '__proto__') throw usageFailure(`--attr must be like plan=pro, not ${text}`);
  if (path.length === 0) {
    tree.set(name, { value });
    return;
  }
  const inner = tree.get(name);
  const below: Tree = inner instanceof Map ? inner : new Map();
  tree.set(name, below);
  put(below, path, value, text);
}

function toObject(tree: Tree): Record<string, Json> {
  return Object.fromEntries(
    [...tree].map(([name, inner]) => [name, inner instanceof Map ? toObject(inner) : inner.value]),
  );
}

function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
