import { accept, canonicalise, checkCodeReferences } from '@spillway/core';
import { forAdmins } from '../access/for-admins.ts';
import type { Control } from '../control.ts';
import { answered } from '../documents/answered.ts';
import type { Changes } from '../documents/changes.ts';
import { toJson } from '../documents/document.ts';

/**
 * Code references are documents of their own, one per repository, so that they are kept, audited and followed like
 * everything else without being part of any flag; what was found again as it was is no change.
 */
export function createReferenceUseCases({ changes }: { readonly changes: Changes }): Control['references'] {
  return forAdmins<Control['references']>({
    async replace(call, given) {
      const checked = checkCodeReferences(given);
      if (!checked.ok) return checked;
      const { repository, references } = checked.value;
      const request = { noun: 'references', key: repository, name: 'code references of', request: given } as const;
      return answered(
        await changes.change(call, request, (before) => {
          const isSame =
            before !== undefined && canonicalise(toJson(before.references)) === canonicalise(toJson(references));
          if (isSame) return accept({ is: 'unchanged', document: before });
          return accept({ is: 'write', action: 'references.found', after: checked.value });
        }),
      );
    },
  });
}
