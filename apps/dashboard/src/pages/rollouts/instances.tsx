import type { ServiceStatus } from '../../documents.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Glyph, type Sign } from '../../ui/glyph.tsx';
import { Card } from '../../ui/page.tsx';
import type { Stage } from './state.ts';

type Instance = ServiceStatus['instances'][number];

const STATE: Readonly<Record<Instance['state'], { readonly tone: Tone; readonly glyph: Sign; readonly word: string }>> =
  {
    starting: { tone: 'info', glyph: '◌', word: 'Starting' },
    healthy: { tone: 'ok', glyph: '✔', word: 'Healthy' },
    unhealthy: { tone: 'bad', glyph: '✖', word: 'Unhealthy' },
    backing_off: { tone: 'warn', glyph: '↻', word: 'Restarting' },
    stopping: { tone: 'neutral', glyph: '◐', word: 'Stopping' },
  };

export function Instances({ stage, status }: { stage: Stage; status: ServiceStatus }) {
  const canary = stage.plan.version.name;
  const instances = [...status.instances].sort(
    (a, b) => Number(b.version === canary) - Number(a.version === canary) || a.id.localeCompare(b.id),
  );
  return (
    <Card>
      <h2 className="px-4 pt-3 pb-2 font-semibold">Instances</h2>
      {instances.length === 0 ? (
        <p className="px-4 pb-3 text-muted">None is running.</p>
      ) : (
        <ul className="divide-y divide-line border-line border-t">
          {instances.map((instance) => (
            <li key={instance.id} className="numbers flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
              <span className="w-24 truncate font-mono">
                <Glyph
                  sign={instance.version === canary ? '▲' : '●'}
                  className={instance.version === canary ? 'text-warn' : 'text-ok'}
                />{' '}
                {instance.version}
                <span className="sr-only">{instance.version === canary ? ' canary' : ' stable'}</span>
              </span>
              <Badge tone={STATE[instance.state].tone} glyph={STATE[instance.state].glyph}>
                {STATE[instance.state].word}
              </Badge>
              <span className="min-w-0 flex-1 truncate font-mono text-muted text-xs">
                {instance.url.replace(/^https?:\/\//, '')}
              </span>
              <span className="text-muted text-xs">
                {usage('CPU', instance.cpu_usage)}
                {instance.cpu_usage === undefined ? '' : '· '}
                {usage('memory', instance.memory_usage)}
                {instance.restarts === 0
                  ? ''
                  : `${instance.restarts} ${instance.restarts === 1 ? 'restart' : 'restarts'}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function usage(name: string, value: number | undefined): string {
  return value === undefined ? '' : `${name} ${Math.round(value * 100)} % `;
}
