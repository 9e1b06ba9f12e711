import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const SPECIFIER = /((?:\bfrom|\bimport)\s*\(?\s*)(['"])([^'"\n]+)\2/g;

/**
 * Writes the types of some sources, and of all that these import, to a folder. Whatever is not installed beside them is found
 * by its place there, so that nothing leads back to a package that nobody can install.
 *
 * @param sources paths from the root, without a leading `./`
 * @returns the declarations of each source, as paths from the folder
 */
export function writeDeclarations(
  root: string,
  sources: readonly string[],
  beside: readonly string[],
  folder: string,
): string[] {
  const compiled = mkdtempSync(join(tmpdir(), 'spillway-types-'));
  try {
    compile(root, sources, compiled);
    const written = new Set<string>();
    const write = (source: string) => {
      const declaration = declarationOf(source);
      if (written.has(source)) return;
      written.add(source);
      const text = readFileSync(join(compiled, declaration), 'utf8');
      const placed = text.replaceAll(SPECIFIER, (found: string, before: string, quote: string, specifier: string) => {
        const target = sourceOf(root, source, specifier, beside);
        if (target === undefined) return found;
        write(target);
        return `${before}${quote}${pathBetween(source, target)}${quote}`;
      });
      mkdirSync(dirname(join(folder, declaration)), { recursive: true });
      writeFileSync(join(folder, declaration), placed);
    };
    for (const source of sources) write(source);
    return sources.map(declarationOf);
  } finally {
    rmSync(compiled, { recursive: true, force: true });
  }
}

function compile(root: string, sources: readonly string[], outDir: string): void {
  const config = join(outDir, 'tsconfig.json');
  const compilerOptions = {
    ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')], lib: ['es2024', 'dom', 'dom.iterable'] },
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: root, outDir },
    // Reached as packages they would count as somebody else's, whose types nobody has to write.
    paths: Object.fromEntries([...entriesOfWorkspace(root)].map(([name, source]) => [name, [join(root, source)]])),
  };
  const files = sources.map((source) => join(root, source));
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, files }));
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', config], { cwd: root, stdio: 'inherit' });
}

/** The workspace's source that an import means; undefined for what is installed. */
function sourceOf(root: string, from: string, specifier: string, beside: readonly string[]): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  if (beside.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return undefined;
  return entriesOfWorkspace(root).get(specifier);
}

/** What can be imported from the workspace's packages, with the source that it means. */
function entriesOfWorkspace(root: string): Map<string, string> {
  const homes = globSync(['packages/*/package.json', 'sdks/*/package.json'], { cwd: root });
  return new Map(
    homes.flatMap((path) => {
      const { name, exports = {} } = JSON.parse(readFileSync(join(root, path), 'utf8')) as {
        readonly name: string;
        readonly exports?: Readonly<Record<string, string>>;
      };
      return Object.entries(exports).map(
        ([entry, source]) => [join(name, entry), join(dirname(path), source)] as const,
      );
    }),
  );
}

function pathBetween(from: string, to: string): string {
  const path = relative(dirname(from), to).replace(/\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

function declarationOf(source: string): string {
  return source.replace(/\.ts$/, '.d.ts');
}
