import type { Command } from 'commander';
import { readDocumentFile } from '../files/document-file.ts';
import { segmentPreviewText } from '../output/preview-view.ts';
import { expectAnswer, print } from '../output/print.ts';
import { contextsIn } from './flag-preview.ts';
import { connected, type ServerOptions, withServer } from './options.ts';

interface PreviewOptions extends ServerOptions {
  readonly file: string;
  readonly environment?: string;
  readonly contexts?: string;
}

export function addSegmentPreview(segments: Command): void {
  withServer(segments.command('preview <key>').description('what a change would do to flags; nothing is changed'))
    .requiredOption('-f, --file <path>', 'the whole segment as YAML or JSON; - reads standard input')
    .option('-e, --environment <name>', 'only there')
    .option('--contexts <path>', 'a YAML or JSON list of contexts to try it on; without it, recent ones')
    .action(async (key: string, options: PreviewOptions) => {
      const file = await readDocumentFile(options.file);
      const fields = typeof file.value === 'object' && file.value !== null ? file.value : {};
      const { environment } = options;
      const where = environment === undefined ? {} : { environment };
      const body = { segment: { ...fields, key }, ...where, ...(await contextsIn(options.contexts)) };
      const answer = await connected(options).client.call('previewSegment', { params: { key }, body });
      const source = { ...file, place: (field: string) => file.place(field.replace(/^\/segment/, '')) };
      print(expectAnswer(answer, source), options, ({ environments }) => segmentPreviewText(environments));
    });
}
