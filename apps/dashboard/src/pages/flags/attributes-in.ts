import type { Condition } from '@spillway/evaluator';
import { formatAttribute } from '../../conditions/attribute-path.ts';
import type { Flag } from '../../documents.ts';

/** Attributes that the flag's rules ask for anywhere: those that the next rule will probably ask for. */
export function attributesIn(flag: Flag): readonly string[] {
  const found = new Set(['targetingKey']);
  const visit = (condition: Condition): void => {
    if ('all' in condition) condition.all.forEach(visit);
    else if ('any' in condition) condition.any.forEach(visit);
    else if ('not' in condition) visit(condition.not);
    else if ('attribute' in condition) found.add(formatAttribute(condition));
  };
  for (const { rules } of Object.values(flag.environments)) for (const { when } of rules) visit(when);
  return [...found];
}
