import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { missing, type Skip } from './missing-part.ts';

const run = promisify(execFile);

const START_TIMEOUT_MS = 30_000;
const UNPACK_TIMEOUT_MS = 60_000;
const REMEDY = 'Run `npm ci` on Linux x64, where the package @sparticuz/chromium carries a browser.';

/** No graphics card, no sandbox (the tests may run as root in a container), and no talk with anybody but the test's server. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export interface TestBrowser {
  /** For node:test's `skip`: why there is no browser, or `false`. */
  readonly skip: Skip;
  /** A Chromium with an empty profile. The test closes it; should the process end first, it ends too. */
  launch(): Promise<Browser>;
}

/** A real Chromium, unpacked once per installation and tried once per process. */
export function browserForTests(): Promise<TestBrowser> {
  tried ??= tryOut();
  return tried;
}

let tried: Promise<TestBrowser> | undefined;

async function tryOut(): Promise<TestBrowser> {
  try {
    const folder = await unpacked();
    const browser = await launch(folder);
    await browser.close();
    return { skip: false, launch: () => launch(folder) };
  } catch (fault) {
    const skip = missing('Chromium', fault, REMEDY);
    const refuse = async (): Promise<never> => {
      throw new Error(skip);
    };
    return { skip, launch: refuse };
  }
}

function launch(folder: string): Promise<Browser> {
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: FLAGS,
    timeout: START_TIMEOUT_MS,
    // The package brings the libraries and fonts that a bare machine lacks.
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, FONT_SETTINGS),
    },
  });
}

// The package unpacks to the temporary folder, where two test processes would trip over each other's half-written file.
// Its own process is given another temporary folder, which becomes visible under its final name when it is complete.
const UNPACK_SCRIPT = `
import chromium, { inflate } from '@sparticuz/chromium';
await chromium.executablePath();
await inflate(process.argv[1]);
`;

// The package's own settings name folders of the machine it was made for; without any font Chromium aborts.
const FONT_SETTINGS = 'fonts.conf';

function fontSettings(fonts: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <cachedir>${join(fonts, 'cache')}</cachedir>
</fontconfig>
`;
}

async function unpacked(): Promise<string> {
  const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
  const { version }: { readonly version: string } = JSON.parse(
    await readFile(join(packageFolder, 'package.json'), 'utf8'),
  );
  const cache = join(dirname(dirname(packageFolder)), '.cache');
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, 'chromium-unpacking-'));
  try {
    const libraries = join(packageFolder, 'bin', 'al2023.tar.br');
    await run(process.execPath, ['--input-type=module', '-e', UNPACK_SCRIPT, libraries], {
      cwd: import.meta.dirname,
      env: { ...process.env, TMPDIR: staging },
      timeout: UNPACK_TIMEOUT_MS,
    });
    await writeFile(join(staging, FONT_SETTINGS), fontSettings(join(folder, 'fonts')));
    await rename(staging, folder).catch((fault: unknown) => {
      // Another test process was faster, and its folder is as good.
      if (!existsSync(folder)) throw fault;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}
