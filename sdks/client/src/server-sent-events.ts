const END_OF_LINE = /\r\n|\r|\n/;

/**
 * Reads server-sent events, as the HTML standard has them, out of text that comes in whatever parts. Of each event its name and
 * its data are told; numbers, pauses and comments are of no use here. What it answers takes the next part, and throws once an
 * event is longer than `most`.
 */
export function eventsIn(tell: (event: string, data: string) => void, most: number): (part: string) => void {
  let name = '';
  let data: string | undefined;
  /** Of a line whose end has not come. Never split anew: a payload of megabytes comes in a thousand parts. */
  let line = '';
  /** A part may end between the two characters that end one line. */
  let held = '';

  const endLine = () => {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (line === '') {
      if (data !== undefined) tell(name || 'message', data);
      name = '';
      data = undefined;
    } else if (field === 'event') name = value;
    else if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
    line = '';
  };

  return (part) => {
    const whole = held + part;
    held = whole.endsWith('\r') ? '\r' : '';
    for (const [index, piece] of whole
      .slice(0, whole.length - held.length)
      .split(END_OF_LINE)
      .entries()) {
      if (index > 0) endLine();
      line += piece;
      if (line.length + (data?.length ?? 0) > most) throw new Error('an event is too long');
    }
  };
}
