import { z } from 'zod';
import { endpoints } from '../endpoints.ts';
import { key } from '../fields.ts';
import type { Route } from '../route.ts';
import * as schemas from './schemas.ts';

const byKey = z.strictObject({ key });

export const previewRoutes = {
  previewFlag: {
    ...endpoints.previewFlag,
    auth: 'admin',
    summary: 'What a change would do to these contexts, or to recent ones; nothing is saved',
    params: byKey,
    body: schemas.previewInput,
    success: { status: 200, body: schemas.preview },
  },
  previewSegment: {
    ...endpoints.previewSegment,
    auth: 'admin',
    summary: 'What a change of a segment would do to the flags that use it; nothing is saved',
    params: byKey,
    body: schemas.segmentPreviewInput,
    success: { status: 200, body: schemas.segmentPreview },
  },
} as const satisfies Readonly<Record<string, Route>>;
