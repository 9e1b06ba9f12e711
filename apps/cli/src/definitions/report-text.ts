import { EXIT } from '../output/exit-codes.ts';
import { Failure } from '../output/failure.ts';
import { type Finding, placeText } from './finding.ts';

/** One line each, as compilers do it, so that editors can jump there. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, place, field, message }) => {
    const what = field === '' ? '' : `${field}: `;
    return `${placeText(place)} ${severity === 'warning' ? 'warning: ' : ''}${what}${message}`;
  });
}

export function countOf(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity'], one: string) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number === 0 ? [] : [number === 1 ? `1 ${one}` : `${number} ${one}s`];
  };
  return [...count('error', 'mistake'), ...count('warning', 'warning')].join(', ');
}

/** Ends a command that cannot go on with these. */
export function failureOf(findings: readonly Finding[]): Failure {
  const errors = findings.map(({ place, field, message }) => ({ at: placeText(place), field: field || '/', message }));
  const detail = `${countOf(findings)} in the files; nothing was done.`;
  const text = [...findingLines(findings), detail].join('\n');
  return new Failure(text, EXIT.invalid, {
    type: 'https://spillway.dev/problems/invalid',
    title: 'Files with mistakes',
    status: 0,
    code: 'invalid',
    detail,
    errors,
  });
}
