import type { FieldProblem } from '../ui/field-problems.tsx';

/** What every row of a condition editor needs to know besides itself. */
export interface EditorSurroundings {
  /** Segments there are; undefined while they are not known, and then none is called unknown. */
  readonly segments: readonly string[] | undefined;
  /** The flag whose rules these are, which other flags may be asked in; undefined where none may. */
  readonly flag: string | undefined;
  /** Attribute names worth offering. */
  readonly attributes: readonly string[];
  /** What the server refused, by JSON pointer from the condition. */
  readonly problems: readonly FieldProblem[];
  /** Where each node stands in the condition, as a JSON pointer. */
  readonly places: ReadonlyMap<string, string>;
  /** The node that was just added, which takes the focus. */
  readonly fresh: string | undefined;
}
