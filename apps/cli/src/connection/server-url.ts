/** What is wrong with a server's address, as the end of a sentence; it is not repeated where it may hold a secret. */
export function wrongUrl(text: string): string | undefined {
  if (!URL.canParse(text) || !/^https?:/.test(text)) return 'must be like http://127.0.0.1:4600';
  const { username, password } = new URL(text);
  if (username === '' && password === '') return undefined;
  return 'must not hold a name or password; the token comes from SPILLWAY_TOKEN';
}
