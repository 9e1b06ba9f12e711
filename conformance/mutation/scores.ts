import { changesIn, type FileRecord, type Survivor } from './record.ts';

const HEAD = `# Mutation scores

Written by \`npm run mutation\` from \`results/\`; what it means is in [the README](../README.md#mutation-score). Of the changes made to the
code, one at a time: how many there were, the share that a test noticed, and how many of those were loops without end, told by how
often they went round or by their time. What is left: \`same\`, nothing can be seen of the change; \`speed\`, nothing but the time can;
\`gap\`, a test is missing; \`unseen\`, nobody has looked at it yet.
`;

const KINDS = ['same', 'speed', 'gap', 'unseen'] as const;
type Kind = (typeof KINDS)[number];

/** The whole of `SCORES.md`: nothing in it is written by hand. */
export function scoresText(records: readonly FileRecord[]): string {
  const asked = records.filter((record) => changesIn(record) > 0);
  return [HEAD, totalsOf(asked), tableOf(asked), '## What is left\n', ...asked.map(leftText)]
    .join('\n')
    .replace(/\n+$/, '\n');
}

function totalsOf(records: readonly FileRecord[]): string {
  const days = records.map(({ measured }) => measured).toSorted();
  const names = [...new Set(records.map(packageOf))];
  const rows = names.map((name) =>
    totalRow(
      name,
      records.filter((record) => packageOf(record) === name),
    ),
  );
  return [
    `Measured file by file from ${days.at(0) ?? 'never'} to ${days.at(-1) ?? 'never'}; \`npm run mutation -- --due\` names files that changed since, or that`,
    'were never measured. Files of types only are left out: nothing in them can be changed.\n',
    `| | files | changes | noticed | without end | ${KINDS.join(' | ')} |`,
    `| --- | --- | --- | --- | --- | ${KINDS.map(() => '---').join(' | ')} |`,
    ...rows,
    totalRow('**both**', records),
    '',
  ].join('\n');
}

function totalRow(name: string, records: readonly FileRecord[]): string {
  const figures = [records.length, ...figuresOf(records)];
  return `| ${name} | ${figures.join(' | ')} |`;
}

function tableOf(records: readonly FileRecord[]): string {
  return [
    `| | changes | noticed | without end | ${KINDS.join(' | ')} | measured | asked by |`,
    `| --- | --- | --- | --- | ${KINDS.map(() => '---').join(' | ')} | --- | --- |`,
    ...records.map(
      (record) =>
        `| \`${shortOf(record)}\` | ${figuresOf([record]).join(' | ')} | ${record.measured} | ${askedBy(record)} |`,
    ),
    '',
  ].join('\n');
}

function figuresOf(records: readonly FileRecord[]): readonly (string | number)[] {
  const sum = (of: (record: FileRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const changes = sum(changesIn);
  const timeouts = sum((record) => record.timeouts);
  const noticed = sum(({ killed }) => killed) + timeouts;
  const kinds = KINDS.map((kind) => sum(({ left }) => left.filter((survivor) => kindOf(survivor) === kind).length));
  return [changes, `${((100 * noticed) / changes).toFixed(1)} %`, ...[timeouts, ...kinds].map((each) => each || '')];
}

function kindOf({ why }: Survivor): Kind {
  const kind = why.split(':')[0];
  return KINDS.find((each) => each === kind) ?? 'unseen';
}

function askedBy({ tests }: FileRecord): string {
  if (tests === '') return 'all';
  const paths = tests.split(' ').map((path) => `\`${path.replace('packages/', '').replace('/src', '')}\``);
  return paths.join(', ');
}

function leftText(record: FileRecord): string {
  if (record.left.length === 0) return '';
  const reasons = Map.groupBy(record.left, ({ why }) => why || 'unseen');
  const parts = [...reasons].map(([why, survivors]) => `- ${why}\n${survivors.map(survivorText).join('\n')}`);
  return `### ${shortOf(record)}\n\n${parts.join('\n')}\n`;
}

function survivorText({ line, was, became }: Survivor): string {
  return `  - ${line}: ${coded(was)} → ${coded(became)}`;
}

/** Code that has backticks in it stands between two. */
function coded(text: string): string {
  if (text === '') return 'nothing';
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}

function packageOf({ file }: FileRecord): string {
  return file.split('/')[0] ?? '';
}

/** Without `src`, which all of them have. */
function shortOf({ file }: FileRecord): string {
  return file.replace('/src/', '/');
}
