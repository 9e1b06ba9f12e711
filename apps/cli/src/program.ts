import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addAccess } from './commands/access.ts';
import { addAudit } from './commands/audit.ts';
import { addCompletion } from './commands/completion.ts';
import { addContexts } from './commands/contexts.ts';
import { addDefinitions } from './commands/definitions.ts';
import { addEnvironments } from './commands/environments.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addEvents } from './commands/events.ts';
import { addFlags } from './commands/flags.ts';
import { addGenerate } from './commands/generate.ts';
import { addImport } from './commands/import.ts';
import { addProfiles } from './commands/profiles.ts';
import { addRelay } from './commands/relay.ts';
import { addRollouts } from './commands/rollouts.ts';
import { addSchema } from './commands/schema.ts';
import { addSegments } from './commands/segments.ts';
import { addServices } from './commands/services.ts';
import { addSigningKey } from './commands/signing-key.ts';
import { addStart } from './commands/start.ts';
import { addSwitches } from './commands/switches.ts';
import { addTest } from './commands/test-flags.ts';
import { addValidate } from './commands/validate.ts';
import { CALLED_AS } from './output/called-as.ts';
import { failureDocument, usageFailure } from './output/failure.ts';

const EXAMPLES = `
Examples:
  spillway start                                         a whole Spillway on this machine
  spillway flags create new-checkout                     a flag, off everywhere
  spillway flags set new-checkout -e staging --percentage 10
  spillway evaluate new-checkout -e staging -k user-42
  spillway rollout apply -f v2.yaml --watch              release a version as a canary
  spillway kill payments --feature new-checkout          turn it off everywhere, now
  spillway restore payments --reason "fixed in 2.0.1"

Exit codes: 0 ok, 1 unexpected, 2 usage, 3 not found, 4 denied, 5 invalid, 6 conflict, 8 rollout failed, 9 timeout, 10 network`;

const NOUNS = [
  addStart,
  addRelay,
  addFlags,
  addSegments,
  addProfiles,
  addEvaluate,
  addValidate,
  addTest,
  addDefinitions,
  addImport,
  addSchema,
  addGenerate,
  addRollouts,
  addSwitches,
  addServices,
  addEnvironments,
  addContexts,
  addEvents,
  addAccess,
  addSigningKey,
  addAudit,
  addCompletion,
];

/** Every command there is; with `json` what is wrong with a command line is told as a document. */
export function createProgram(json: boolean): Command {
  const program = new Command('spillway')
    .description('Release gradually, stop instantly.')
    .version(manifest.version)
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES)
    // Both are handed down to every command made from here on.
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(json ? `${failureDocument(usageFailure(withoutLabel(text)))}\n` : text),
    });
  for (const add of NOUNS) add(program);
  if (!json) pointToHelp(program, CALLED_AS);
  return program;
}

function withoutLabel(text: string): string {
  return text.trim().replace(/^error: /, '');
}

function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`See \`${path} --help\`.`);
  for (const sub of command.commands) pointToHelp(sub, `${path} ${sub.name()}`);
}
