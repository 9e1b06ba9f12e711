import { Archive, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Environment, Flag } from '../../documents.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';

const EndDialog = lazy(async () => ({ default: (await import('./end-dialog.tsx')).EndDialog }));
const DetailsDialog = lazy(async () => ({ default: (await import('./details-dialog.tsx')).DetailsDialog }));

/** What can be done to the flag as a whole. */
export function FlagMenu({ flag, environments }: { flag: Flag; environments: readonly Environment[] }) {
  const [asking, setAsking] = useState<'archive' | 'delete' | 'details' | undefined>();
  const close = () => setAsking(undefined);
  return (
    <>
      <Button onClick={() => setAsking('details')}>
        <Pencil className="size-4" aria-hidden="true" /> Details
      </Button>
      <Menu
        trigger={
          <IconButton label="More actions" className="border border-line">
            <Ellipsis />
          </IconButton>
        }
        items={[
          {
            label: 'Archive',
            icon: <Archive />,
            disabled: flag.lifecycle === 'archived',
            run: () => setAsking('archive'),
          },
          { label: 'Delete', icon: <Trash2 />, danger: true, run: () => setAsking('delete') },
        ]}
      />
      <Suspense>
        {asking === 'details' ? (
          <DetailsDialog flag={flag} environments={environments} onClose={close} />
        ) : asking === undefined ? null : (
          <EndDialog flag={flag} how={asking} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
