/** Class names of the emergency page, written out: it carries no component library. */
const BUTTON =
  'inline-flex min-h-11 shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-lg border px-4 font-semibold text-base disabled:opacity-50';

export const LOOKS = {
  danger: `${BUTTON} border-transparent bg-bad text-on-bad hover:brightness-110`,
  plain: `${BUTTON} border-line bg-raised text-text hover:bg-sunken`,
  primary: `${BUTTON} border-transparent bg-accent text-on-accent hover:brightness-110`,
  card: 'rounded-lg border border-line bg-raised',
  row: 'flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-3',
  heading: 'mt-8 mb-2 font-semibold text-base',
  field: 'field h-11! text-base',
  note: 'mt-1 text-muted text-xs',
} as const;
