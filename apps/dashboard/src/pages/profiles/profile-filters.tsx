import { KeyChips } from '../../ui/key-chips.tsx';
import { useSegmentKeys } from '../segments/queries.ts';

/** Narrows the list to those with certain attributes who belong to certain segments; all that is named must hold. */
export function ProfileFilters({
  attributes,
  segments,
  onChange,
}: {
  attributes: string;
  segments: string;
  onChange: (change: { readonly attributes?: string; readonly segments?: string }) => void;
}) {
  const known = useSegmentKeys().data;
  return (
    <>
      <KeyChips
        label="Attributes"
        placeholder="plan=pro"
        keys={listOf(attributes)}
        isKnown={(text) => text.indexOf('=') > 0}
        onChange={(texts) => onChange({ attributes: texts.join(',') })}
      />
      <KeyChips
        label="Segments"
        placeholder="In segments…"
        keys={listOf(segments)}
        suggestions={known}
        isKnown={(key) => known?.includes(key) !== false}
        onChange={(keys) => onChange({ segments: keys.join(',') })}
      />
    </>
  );
}

function listOf(text: string): readonly string[] {
  return text.split(',').filter((part) => part !== '');
}
