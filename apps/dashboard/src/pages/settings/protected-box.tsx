/** Whether changes of an environment want a reason. */
export function ProtectedBox({ checked, onChange }: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="touch flex items-start gap-2.5">
      <input
        type="checkbox"
        className="mt-0.5 size-4 accent-[var(--accent)]"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <span className="block font-medium">Protected</span>
        <span className="block text-muted text-xs">Every change shows its difference first and wants a reason.</span>
      </span>
    </label>
  );
}
