import { counted } from '@spillway/core/wording/counted';
import manifest from '../../package.json' with { type: 'json' };
import { type Finding, placeText, RULES } from './finding.ts';
import { countOf, findingLines } from './report-text.ts';

export const FORMATS = ['text', 'json', 'github', 'sarif'] as const;
export type Format = (typeof FORMATS)[number];

/** What was found, in the form asked for. */
export function reportOf(findings: readonly Finding[], files: readonly string[], format: Format): string {
  switch (format) {
    case 'json':
      return JSON.stringify({ files, findings: findings.map(flat) });
    case 'github':
      return findings.map(githubCommand).join('\n');
    case 'sarif':
      return JSON.stringify(sarif(findings), undefined, 2);
    default:
      return textReport(findings, files);
  }
}

function textReport(findings: readonly Finding[], files: readonly string[]): string {
  const count = counted(files.length, 'file');
  if (findings.length === 0) return `${count}, nothing wrong.`;
  return [...findingLines(findings), `${countOf(findings)} in ${count}.`].join('\n');
}

function flat({ severity, rule, place, field, message }: Finding) {
  return { severity, rule, at: placeText(place), ...place, field, message };
}

/** An annotation in a pull request: `::error file=…,line=…,col=…::message`. */
function githubCommand({ severity, rule, place, field, message }: Finding): string {
  const properties = [
    `file=${escapeProperty(place.file)}`,
    `line=${place.line}`,
    `col=${place.column}`,
    `title=${escapeProperty(RULES[rule])}`,
  ].join(',');
  return `::${severity} ${properties}::${escapeData(field === '' ? message : `${field}: ${message}`)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** SARIF 2.1.0, the smallest that code scanning takes. */
function sarif(findings: readonly Finding[]): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'spillway',
            version: manifest.version,
            rules: Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } })),
          },
        },
        results: findings.map(({ severity, rule, place, field, message }) => ({
          ruleId: rule,
          level: severity,
          message: { text: field === '' ? message : `${field}: ${message}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(place.file) },
                region: { startLine: place.line, startColumn: place.column },
              },
            },
          ],
        })),
      },
    ],
  };
}

function uriOf(file: string): string {
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
