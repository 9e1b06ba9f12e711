// Runs before anything else, from a file of its own so that no inline script has to be allowed.
(() => {
  // The emergency page is a document of its own; a server that answers every page with the same one is put right here.
  if (location.pathname === '/emergency' && document.currentScript.dataset.page !== 'emergency') {
    location.replace('/emergency.html');
    return;
  }
  const darkSystem = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => {
    let choice = null;
    try {
      choice = localStorage.getItem('spillway.theme');
    } catch {
      // Storage may be forbidden: the system's choice is used.
    }
    const dark = choice === 'dark' || (choice !== 'light' && darkSystem.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  };
  paint();
  darkSystem.addEventListener('change', paint);
})();
