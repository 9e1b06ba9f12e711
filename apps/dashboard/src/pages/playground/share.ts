import { type Answer, valueText } from './answer.ts';
import { type Context, fragmentOf } from './held-context.ts';
import { askedAttributes } from './words.ts';

/** What was asked, as it can be asked again. */
export interface Question {
  readonly flag: string;
  readonly context: Context;
  readonly environments: readonly string[];
  /** RFC 3339; absent: the moment of asking. */
  readonly at?: string;
}

export interface EnvironmentAnswer {
  readonly environment: string;
  readonly answer: Answer;
}

/** Names of what the answers depended on; who gets the question needs no more of the person. */
export function neededAttributes(answers: readonly EnvironmentAnswer[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const { answer } of answers) {
    if (answer.trace !== undefined) for (const name of askedAttributes(answer.trace)) all.add(name);
  }
  return all;
}

export function redacted(context: Context, kept: ReadonlySet<string>): Context {
  return Object.fromEntries(Object.entries(context).filter(([name]) => kept.has(name)));
}

/** An address that asks the same again, with no more of the context than was kept. */
export function shareLink({ flag, environments, at }: Question, context: Context, origin: string): string {
  const [environment, other] = environments;
  const parameters = new URLSearchParams({ tab: 'playground', env: environment ?? '' });
  if (other !== undefined) parameters.set('with', other);
  if (at !== undefined) parameters.set('at', at);
  return `${origin}/flags/${encodeURIComponent(flag)}?${parameters}${fragmentOf(context)}`;
}

/** The same of every flag at once. */
export function shareAllLink(asked: Omit<Question, 'flag'>, context: Context, origin: string): string {
  const [environment = ''] = asked.environments;
  const parameters = new URLSearchParams({ env: environment, ...(asked.at === undefined ? {} : { at: asked.at }) });
  return `${origin}/playground?${parameters}${fragmentOf(context)}`;
}

/** What the flag has to answer, as a file that `spillway test` reads. JSON is YAML, so values are written as JSON. */
export function fixtureText(question: Question, answers: readonly EnvironmentAnswer[]): string {
  const cases = answers.map(({ environment, answer }) => {
    const { value, variant, reason } = answer;
    const expected = {
      ...(value === undefined ? {} : { value }),
      ...(variant === undefined ? {} : { variant }),
      reason,
    };
    return [
      `  - name: ${JSON.stringify(`${question.flag} is ${valueText(answer)} in ${environment}`)}`,
      `    flag: ${JSON.stringify(question.flag)}`,
      `    environment: ${JSON.stringify(environment)}`,
      ...(question.at === undefined ? [] : [`    at: ${JSON.stringify(question.at)}`]),
      `    context: ${JSON.stringify(question.context)}`,
      `    expect: ${JSON.stringify(expected)}`,
    ].join('\n');
  });
  return `apiVersion: spillway/v1\nkind: Tests\ntests:\n${cases.join('\n')}\n`;
}

/** The same question for the command line, from files, without a server. */
export function commandText({ flag, context, at }: Question, environment: string): string {
  const quoted = `'${JSON.stringify(context).replaceAll("'", String.raw`'\''`)}'`;
  const moment = at === undefined ? '' : ` --at ${at}`;
  return `spillway evaluate ${flag} --flags flags/ -e ${environment}${moment} -c ${quoted} --trace`;
}
