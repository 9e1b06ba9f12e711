export function Logo() {
  return (
    <span className="flex items-center gap-2 font-semibold text-base tracking-tight">
      <svg viewBox="0 0 32 32" className="size-6" aria-hidden="true">
        <rect width="32" height="32" rx="8" className="fill-accent" />
        <path d="M7 9h18M7 15.5h12M7 22h6" className="stroke-on-accent" strokeWidth="3" strokeLinecap="round" />
      </svg>
      Spillway
    </span>
  );
}
