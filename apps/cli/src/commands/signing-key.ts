import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Argument, type Command } from 'commander';
import { unwritable } from '../files/write-file.ts';
import { usageFailure } from '../output/failure.ts';
import { withExamples } from './options.ts';

const PRIVATE = 0o600;

export function addSigningKey(program: Command): void {
  const signingKey = program.command('signing-key').description('keys that the control plane signs snapshots with');
  withExamples(
    signingKey
      .command('create')
      .description('write a new private key to a file, and print its public key for SDKs and relays')
      .addArgument(new Argument('<file>', 'where the private key goes; must not be there yet'))
      .option('--json', 'one JSON document'),
    ['spillway signing-key create signing-key.pem', 'SPILLWAY_SIGNING_KEY_FILE=signing-key.pem spillway start'],
  ).action(async (file: string, { json }: { readonly json?: boolean }) => {
    const pair = generateKeyPairSync('ed25519');
    await writeNew(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const publicKey = String(pair.publicKey.export({ format: 'jwk' }).x);
    console.log(json === true ? JSON.stringify({ public_key: publicKey, file }) : publicKey);
  });
}

/** Never in the place of another: what the old key has signed would be lost with it. */
async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: PRIVATE, flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw usageFailure(`${path} is there already and is kept. Name another file.`);
    }
    throw unwritable(path, error);
  }
}
