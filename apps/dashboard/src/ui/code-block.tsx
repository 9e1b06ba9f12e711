import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './button.tsx';
import { toast } from './toast.tsx';

/** Text to copy: commands, snippets, tokens. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    } catch {
      toast('bad', 'The browser does not allow copying here: select the text and copy it by hand.');
    }
  };
  return (
    <div className="flex items-start rounded-lg border border-line bg-surface">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section aria-label={label} tabIndex={0} className="min-w-0 flex-1 overflow-x-auto rounded-lg">
        <pre className="px-3 py-2.5 font-mono text-xs/5">{text}</pre>
      </section>
      <IconButton label={copied ? 'Copied' : `Copy: ${label}`} onClick={copy} className="m-1">
        {copied ? <Check className="text-ok" /> : <Copy />}
      </IconButton>
    </div>
  );
}
