import { instantOf } from '../../conditions/values.ts';
import { Button } from '../../ui/button.tsx';
import { InstantInput } from '../../ui/instant-input.tsx';
import { rfc3339 } from '../../ui/time.ts';

/** The moment to ask about: a past one is answered by the configuration of then. Empty: now. */
export function MomentInput({ at, onChange }: { at: string; onChange: (at: string) => void }) {
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2">
      <span aria-hidden="true" className="text-muted">
        As of
      </span>
      {at === '' ? (
        <Button onClick={() => onChange(rfc3339(Math.floor(Date.now() / 60_000) * 60_000))}>
          Now, or another moment…
        </Button>
      ) : (
        <>
          <InstantInput
            label="As of"
            value={instantOf(at)}
            onChange={(next) => onChange(next === undefined ? '' : rfc3339(next))}
          />
          <Button onClick={() => onChange('')}>Now</Button>
        </>
      )}
    </div>
  );
}
