import { broken } from '../broken.ts';
import type { Pattern } from './syntax.ts';

/** Bounds both memory and the work per character of text. */
export const MAX_INSTRUCTIONS = 4_000;

/** One step of a Thompson machine; `next` and `other` are positions in the program. */
export type Instruction =
  | { readonly is: 'consume'; readonly what: Extract<Pattern, { is: 'characters' }> }
  | { readonly is: 'assert'; readonly at: Extract<Pattern, { is: 'assertion' }>['at'] }
  | { readonly is: 'fork'; next: number; other: number }
  | { readonly is: 'jump'; next: number }
  | { readonly is: 'accept' };

/** Thompson's construction (1968), with counted repetitions written out. */
export function assemble(pattern: Pattern): readonly Instruction[] {
  const program: Instruction[] = [];
  emit(pattern, program);
  add(program, { is: 'accept' });
  return program;
}

function add<T extends Instruction>(program: Instruction[], instruction: T): T {
  if (program.length >= MAX_INSTRUCTIONS)
    return broken('the pattern is too large once its repetitions are written out');
  program.push(instruction);
  return instruction;
}

function emit(pattern: Pattern, program: Instruction[]): void {
  if (pattern.is === 'characters') add(program, { is: 'consume', what: pattern });
  else if (pattern.is === 'assertion') add(program, { is: 'assert', at: pattern.at });
  else if (pattern.is === 'sequence') for (const item of pattern.items) emit(item, program);
  else if (pattern.is === 'choice') emitChoice(pattern.options, program);
  else emitRepeat(pattern, program);
}

function emitChoice(options: readonly Pattern[], program: Instruction[]): void {
  const exits: { next: number }[] = [];
  for (const [index, option] of options.entries()) {
    if (index === options.length - 1) {
      emit(option, program);
      break;
    }
    const fork = add(program, { is: 'fork', next: program.length + 1, other: 0 });
    emit(option, program);
    exits.push(add(program, { is: 'jump', next: 0 }));
    fork.other = program.length;
  }
  for (const exit of exits) exit.next = program.length;
}

function emitRepeat({ item, min, max }: Extract<Pattern, { is: 'repeat' }>, program: Instruction[]): void {
  for (let count = 0; count < min; count += 1) emit(item, program);
  if (max === Number.POSITIVE_INFINITY) {
    const start = program.length;
    const fork = add(program, { is: 'fork', next: start + 1, other: 0 });
    emit(item, program);
    add(program, { is: 'jump', next: start });
    fork.other = program.length;
    return;
  }
  const forks: { other: number }[] = [];
  for (let count = min; count < max; count += 1) {
    forks.push(add(program, { is: 'fork', next: program.length + 1, other: 0 }));
    emit(item, program);
  }
  for (const fork of forks) fork.other = program.length;
}
