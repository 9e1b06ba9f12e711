import type { Because } from '@spillway/core';
import { MAX_REASON_LENGTH } from '../documents/changes.ts';
import { toJson } from '../documents/document.ts';

/** The decisions of one commit as one: the last gives it its name, all of them its sentence, a check its numbers. */
export function headline(because: readonly Because[]): Because | undefined {
  const last = because.at(-1);
  if (last === undefined || because.length === 1) return last;
  const judged = because.find((each) => each.findings !== undefined) ?? because.find(({ verdict }) => verdict);
  return { ...judged, ...last, summary: because.map((each) => each.summary).join(' ') };
}

/** What the log keeps with the entry: the headline, and the decisions one by one when there are several. */
export function toldInLog(because: readonly Because[]) {
  const told = headline(because);
  if (told === undefined) return null;
  if (because.length === 1) return toJson(told);
  const decisions = because.map(({ findings, ...decision }) =>
    findings === undefined || findings === told.findings ? decision : { ...decision, findings },
  );
  return toJson({ ...told, decisions });
}

export function actionOf(because: readonly Because[]): string {
  return `rollout.${because.at(-1)?.decision ?? 'changed'}`;
}

export function reasonOf(because: readonly Because[]): string {
  return (headline(because)?.summary ?? '').slice(0, MAX_REASON_LENGTH);
}
