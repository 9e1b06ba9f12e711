import { Argument, type Command } from 'commander';
import { completionScript, type Place, SHELLS } from '../output/completion-script.ts';
import { withExamples } from './options.ts';

export function addCompletion(program: Command): void {
  withExamples(
    program
      .command('completion')
      .description('a script that completes commands and options in your shell')
      .addArgument(new Argument('<shell>').choices(SHELLS)),
    [
      'source <(spillway completion bash)                 now; in ~/.bashrc for always',
      'source <(spillway completion zsh)                  after compinit, in ~/.zshrc for always',
      'spillway completion fish > ~/.config/fish/completions/spillway.fish',
    ],
  ).action((shell: (typeof SHELLS)[number]) => {
    process.stdout.write(completionScript(shell, placesIn(program, [])));
  });
}

/** Every command with the words that may follow it. */
function placesIn(command: Command, path: readonly (readonly string[])[]): Place[] {
  const options = command.options.flatMap((option) => [option.long ?? option.short ?? '']);
  const words = [...command.commands.map((sub) => sub.name()), ...options, '--help'];
  const below = command.commands.flatMap((sub) => placesIn(sub, [...path, [sub.name(), ...sub.aliases()]]));
  return [{ path, words: [...new Set(words)].sort() }, ...below];
}
