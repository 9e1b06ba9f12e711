// What V8 made of the sources is kept beside them, so that a command begins in a third of the time. Not in the system's
// temporary folder: whoever may write there could put code of their own into it.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Where the folder cannot be written, nothing is kept and nothing is said.
module.enableCompileCache?.(join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.cache/spillway'));
