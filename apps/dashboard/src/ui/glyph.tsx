import { cx } from './cx.ts';

/**
 * Signs that say a state without colour. Drawn, because not every machine has a font with them; named by the
 * character they stand for.
 */
const PATHS = {
  '✔': <path d="M3 8.5 6.5 12 13 4.5" />,
  '✖': <path d="m4 4 8 8m0-8-8 8" />,
  '॥': <path d="M5.5 3.5v9m5-9v9" />,
  '▲': <path d="M8 3 14 13H2Z" fill="currentColor" />,
  '●': <circle cx="8" cy="8" r="4.5" fill="currentColor" />,
  '○': <circle cx="8" cy="8" r="4.5" />,
  '◐': (
    <>
      <circle cx="8" cy="8" r="5" />
      <path d="M8 3a5 5 0 0 0 0 10Z" fill="currentColor" />
    </>
  ),
  '◌': <circle cx="8" cy="8" r="5" strokeDasharray="2.2 3" />,
  '◆': <path d="m8 2.5 5.5 5.5L8 13.5 2.5 8Z" fill="currentColor" />,
  '▣': <path d="M3 3h10v10H3Zm3.5 3.5h3v3h-3Z" />,
  '↩': <path d="M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6" />,
  '↻': <path d="M13 8a5 5 0 1 1-1.5-3.6M13 2v3.5H9.5" />,
  '⚠': <path d="M8 2 15 14H1ZM8 6.5v3.2m0 2v.2" />,
  '?': <path d="M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.3 8.7 8 9 8 10m0 2.6v.2" />,
  ℹ: <path d="M8 7v5.5M8 3.6v.2" />,
  '→': <path d="M2.5 8h11M9.5 4l4 4-4 4" />,
  '·': <circle cx="8" cy="8" r="1.5" fill="currentColor" />,
} as const;

export type Sign = keyof typeof PATHS;

export function Glyph({ sign, className }: { sign: Sign; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={cx('inline-block size-[0.85em] shrink-0 align-[-0.05em]', className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      data-sign={sign}
    >
      {PATHS[sign]}
    </svg>
  );
}
