export const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A command by its words from the program on, each with its other names, and what may follow it. */
export interface Place {
  readonly path: readonly (readonly string[])[];
  readonly words: readonly string[];
}

/** All names in them are our own: letters and hyphens, nothing to quote. */
export function completionScript(shell: (typeof SHELLS)[number], places: readonly Place[]): string {
  switch (shell) {
    case 'bash':
      return bash(places);
    case 'zsh':
      return zsh(places);
    case 'fish':
      return fish(places);
  }
}

/** `<path> <next word>` to the path after it, under any of its names. */
function moves(places: readonly Place[]): { readonly from: string; readonly names: readonly string[]; to: string }[] {
  return places.flatMap(({ path }) => {
    const last = path.at(-1);
    return last === undefined ? [] : [{ from: nameOf(path.slice(0, -1)), names: last, to: nameOf(path) }];
  });
}

function nameOf(path: Place['path']): string {
  return path.map(([name]) => name).join('/');
}

function walk(places: readonly Place[]): string {
  return moves(places)
    .map(({ from, names, to }) => `      ${names.map((name) => `'${from}:${name}'`).join('|')}) place='${to}' ;;`)
    .join('\n');
}

function choices(places: readonly Place[]): string {
  return places.map(({ path, words }) => `    '${nameOf(path)}') choices='${words.join(' ')}' ;;`).join('\n');
}

function bash(places: readonly Place[]): string {
  return `_spillway() {
  local place='' choices='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place:$word" in
${walk(places)}
    esac
  done
  case "$place" in
${choices(places)}
  esac
  COMPREPLY=($(compgen -W "$choices" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _spillway spillway
`;
}

function zsh(places: readonly Place[]): string {
  return `#compdef spillway
_spillway() {
  local place='' choices='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place:$word" in
${walk(places)}
    esac
  done
  case "$place" in
${choices(places)}
  esac
  compadd -- \${=choices} || _files
}
compdef _spillway spillway
`;
}

function fish(places: readonly Place[]): string {
  const cases = moves(places).map(
    ({ from, names, to }) =>
      `      case ${names.map((name) => `'${from}:${name}'`).join(' ')}\n        set place '${to}'`,
  );
  const lines = places.map(
    ({ path, words }) =>
      `complete -c spillway -n 'test (__spillway_place) = "${nameOf(path)}"' -a '${words.join(' ')}'`,
  );
  return `function __spillway_place
  set -l place ''
  for word in (commandline -opc)[2..-1]
    switch "$place:$word"
${cases.join('\n')}
    end
  end
  echo "$place"
end
${lines.join('\n')}
`;
}
