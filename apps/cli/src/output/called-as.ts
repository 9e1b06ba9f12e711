/** How this program was called, for commands to copy: who has it through npx has no `spillway` on the path. */
export const CALLED_AS = calledAs(process.env);

export function calledAs(environment: NodeJS.ProcessEnv): string {
  return environment.npm_command === 'exec' ? 'npx spillway' : 'spillway';
}
