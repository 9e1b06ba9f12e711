/**
 * The plots make a number format of the browser's language as soon as they are loaded. A browser started without a locale
 * names one that is none (`en-US@posix`), and they would fail: to be imported before them.
 */
if (!isLanguage(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US' });

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
