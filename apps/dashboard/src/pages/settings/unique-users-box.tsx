/** Whether an environment's applications tell users apart. */
export function UniqueUsersBox({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="touch flex items-start gap-2.5">
      <input
        type="checkbox"
        className="mt-0.5 size-4 accent-[var(--accent)]"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <span className="block font-medium">Count different users</span>
        <span className="block text-muted text-xs">
          Applications tell sketches, which hold nobody’s key. Evaluations are counted in any case.
        </span>
      </span>
    </label>
  );
}
