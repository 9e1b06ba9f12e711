/** What a request is answered with; no body at all when it is undefined. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `field` names what of the request was not accepted. */
export function refusal(status: number, code: string, field: string | undefined, message: string): Answer {
  return { status, body: { code, message, ...(field === undefined ? {} : { field }) } };
}

export function notFound(path: string): Answer {
  return refusal(404, 'not_found', undefined, `There is nothing at ${path}.`);
}
