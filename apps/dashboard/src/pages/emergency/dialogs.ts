import type { Problem } from '@spillway/contract';
import { element, show } from './element.ts';
import { LOOKS } from './looks.ts';

export interface Asked {
  readonly title: string;
  /** What will happen, exactly. */
  readonly effect: string;
  /** How far it reaches, in lines; shown once it is read, and never waited for. */
  readonly reach?: Promise<readonly string[]>;
  readonly reason: string;
  readonly confirm: string;
  readonly danger: boolean;
  /** Must be typed before the confirm button works. */
  readonly typed?: string;
  /** Returns the problem when it was refused. */
  readonly run: (reason: string) => Promise<Problem | undefined>;
}

/** One confirm: what will happen, why, and the button that does it. */
export function askFor(asked: Asked): void {
  const reason = element('input', {
    class: LOOKS.field,
    id: 'reason',
    maxlength: '2000',
    required: true,
    autocomplete: 'off',
    value: asked.reason,
  });
  const typed =
    asked.typed === undefined
      ? undefined
      : element('input', {
          class: `${LOOKS.field} font-mono`,
          id: 'typed',
          autocomplete: 'off',
          spellcheck: 'false',
          autocapitalize: 'none',
        });
  const confirm = element(
    'button',
    { type: 'submit', class: asked.danger ? LOOKS.danger : LOOKS.primary },
    asked.confirm,
  );
  const allowed = () => reason.value.trim() !== '' && (typed === undefined || typed.value.trim() === asked.typed);
  const update = () => {
    confirm.disabled = !allowed();
  };
  const body = [
    element('p', { class: 'mt-2 text-base' }, asked.effect),
    asked.reach === undefined ? undefined : reachList(asked.reach),
    typed === undefined ? undefined : labelled('typed', `Type ${asked.typed} to confirm`, typed),
    labelled('reason', 'Reason', reason),
  ];
  openDialog(asked.title, body, [confirm], async (problemPlace, close) => {
    if (!allowed()) return;
    confirm.disabled = true;
    const problem = await asked.run(reason.value.trim());
    if (problem === undefined) close();
    else show(problemPlace, problemNote(problem));
    update();
  });
  reason.addEventListener('input', update);
  typed?.addEventListener('input', update);
  update();
  (typed ?? confirm).focus();
}

function reachList(reach: Promise<readonly string[]>): HTMLElement {
  const list = element(
    'ul',
    { class: 'mt-3 list-disc space-y-1 pl-5 text-muted', 'aria-label': 'How far it reaches', 'aria-live': 'polite' },
    element('li', {}, 'Reading how far it reaches…'),
  );
  const tell = (lines: readonly string[]) => show(list, ...lines.map((line) => element('li', {}, line)));
  reach.then(tell, () => tell(['How far it reaches could not be read; it can be fired all the same.']));
  return list;
}

export function labelled(id: string, label: string, control: HTMLElement, note?: string): HTMLElement {
  return element(
    'div',
    { class: 'mt-4' },
    element('label', { for: id, class: 'mb-1 block font-medium' }, label),
    control,
    note === undefined ? undefined : element('p', { class: LOOKS.note }, note),
  );
}

export function problemNote(problem: Problem): HTMLElement {
  return element(
    'div',
    { role: 'alert', class: 'mt-4 rounded-lg border border-bad bg-bad-tint px-3 py-2 break-words' },
    element('p', { class: 'font-medium' }, problem.detail),
    ...(problem.errors ?? []).map((field) => element('p', { class: 'text-muted' }, `${field.field}: ${field.message}`)),
  );
}

/** The browser's own modal dialog: focus stays inside, Escape closes, what had the focus gets it back. */
export function openDialog(
  title: string,
  body: readonly (HTMLElement | undefined)[],
  actions: readonly HTMLElement[],
  submit: (problemPlace: HTMLElement, close: () => void) => void,
): void {
  const problemPlace = element('div');
  const dialog = element('dialog', {
    class:
      'm-0 mt-auto w-full max-w-none rounded-t-xl border border-line bg-raised p-5 text-text shadow-lift sm:m-auto sm:max-w-lg sm:rounded-xl',
    'aria-labelledby': 'dialog-title',
    close: () => dialog.remove(),
  });
  const close = () => dialog.close();
  dialog.append(
    element(
      'form',
      {
        submit: (event) => {
          event.preventDefault();
          submit(problemPlace, close);
        },
      },
      element('h2', { id: 'dialog-title', class: 'font-semibold text-lg break-words' }, title),
      ...body.filter((part) => part !== undefined),
      problemPlace,
      element(
        'div',
        { class: 'mt-5 flex flex-wrap justify-end gap-2' },
        element('button', { type: 'button', class: LOOKS.plain, click: close }, 'Cancel'),
        ...actions,
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
