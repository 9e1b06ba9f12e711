type Child = Node | string | false | undefined;
type Attributes = Readonly<Record<string, string | boolean | ((event: Event) => void) | undefined>>;

/** An element with its attributes (functions are listeners) and children. All text is set as text, never as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(attribute, value);
    else if (value === true) made.setAttribute(attribute, '');
    else if (value !== false && value !== undefined) made.setAttribute(attribute, value);
  }
  made.append(...children.filter((child): child is Node | string => child !== false && child !== undefined));
  return made;
}

/** Replaces what is shown and keeps the focus on the control with the same `data-id`. */
export function show(parent: HTMLElement, ...children: Child[]): void {
  const focused = parent.contains(document.activeElement) ? document.activeElement?.getAttribute('data-id') : undefined;
  parent.replaceChildren(...children.filter((child): child is Node | string => child !== false && child !== undefined));
  if (typeof focused !== 'string') return;
  parent.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}
