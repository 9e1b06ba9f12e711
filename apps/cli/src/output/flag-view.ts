import type { CallOutput } from '@spillway/contract';
import { CALLED_AS } from './called-as.ts';
import { table } from './terminal.ts';

type Flag = CallOutput<'getFlag'>;
type Serve = Flag['environments'][string]['fallthrough'];

export function describeFlag(flag: Flag): string {
  const environments = Object.entries(flag.environments).map(([name, state]) => [
    name,
    state.enabled ? 'on' : 'off',
    String(state.rules.length),
    describeServe(state.fallthrough),
  ]);
  return [
    `${flag.key}  ${flag.type}  version ${flag.version}${flag.lifecycle === 'archived' ? '  archived' : ''}`,
    ...(flag.description === '' ? [] : [flag.description]),
    ...aboutFlag(flag),
    ...(flag.parent === undefined ? [] : [`parent: ${flag.parent}`]),
    ...(flag.target_environments === undefined ? [] : [`only in: ${flag.target_environments.join(', ') || 'nowhere'}`]),
    `variants: ${flag.variants.map((variant) => `${variant.name} = ${JSON.stringify(variant.value)}`).join(', ')}`,
    '',
    ...(environments.length === 0
      ? [`Off in every environment. Turn it on: ${CALLED_AS} flags on ${flag.key} -e ENVIRONMENT`]
      : [
          table(['ENVIRONMENT', 'STATE', 'RULES', 'OTHERWISE'], environments),
          'Environments that are not listed are off.',
        ]),
  ].join('\n');
}

/** What a team keeps about it, as far as anything is said. */
function aboutFlag({ owner, tags, services, kind, permanent, managed_by }: Flag): readonly string[] {
  const said = [
    owner === '' ? undefined : `owner: ${owner}`,
    tags.length === 0 ? undefined : `tags: ${tags.join(', ')}`,
    services.length === 0 ? undefined : `services: ${services.join(', ')}`,
    kind === undefined ? undefined : `kind: ${kind}`,
    managed_by === undefined ? undefined : `kept in the files of ${managed_by}`,
    permanent === true ? 'meant to stay' : undefined,
  ].filter((part) => part !== undefined);
  return said.length === 0 ? [] : [said.join('  ')];
}

export function describeServe(serve: Serve): string {
  if ('variant' in serve) return serve.variant;
  if ('split' in serve) return serve.split.map((part) => `${part.variant} ${part.percentage} %`).join(', ');
  if ('value' in serve) return `the value ${JSON.stringify(serve.value)}`;
  if ('stages' in serve) {
    const { variant = 'shares', otherwise, steps } = serve.stages;
    const shares = steps.map((step) => `${'split' in step ? 'split' : `${step.percentage} %`} from ${step.from}`);
    return `${variant} ${shares.join(', ')}; before that ${otherwise}`;
  }
  const { variant, from, to, from_percentage, to_percentage } = serve.ramp;
  return `${variant} ${from_percentage} % to ${to_percentage} %, from ${from} to ${to}`;
}
