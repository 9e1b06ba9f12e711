/** Of one event, and of one whole payload: no configuration is nearly as long. */
export const MAX_CHARACTERS = 67_108_864;
const MAX_ANSWER_CHARACTERS = 1_048_576;

/** Hands on what arrives, part by part, to its end. What `take` throws ends it. */
export async function readParts(body: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    take(decoder.decode(part.value, { stream: true }));
  }
}

/** The whole text. Rejects once it is too long: a few compressed kilobytes can become more than there is memory for. */
export async function textOf({ body }: Response, most = MAX_CHARACTERS): Promise<string> {
  let text = '';
  if (body !== null) {
    await readParts(body, (part) => {
      text += part;
      if (text.length > most) throw new Error('the answer is too long');
    });
  }
  return text;
}

/** Undefined for what is no JSON, or longer than what is said of a summary or of events. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await textOf(response, MAX_ANSWER_CHARACTERS));
  } catch {
    return undefined;
  }
}
