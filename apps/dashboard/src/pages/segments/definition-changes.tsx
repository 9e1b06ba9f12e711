import { ChangeList } from '../../ui/change-list.tsx';
import type { JsonChange } from '../../ui/json-difference.ts';

/** What differs between two definitions, place by place. */
export function DefinitionChanges({ changes }: { changes: readonly JsonChange[] }) {
  return (
    <ChangeList
      mono
      rows={changes.map(({ path, before, after }) => ({
        name: path,
        ...(before === undefined ? {} : { before: JSON.stringify(before) }),
        ...(after === undefined ? {} : { after: JSON.stringify(after) }),
      }))}
    />
  );
}
