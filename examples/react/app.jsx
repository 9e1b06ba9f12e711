import { useFlag, useStatus, useTrack } from '@spillway/react';

export function App() {
  return (
    <main>
      <Checkout />
      <Banner />
      <Buy />
      <Connection />
    </main>
  );
}

function Checkout() {
  const isNew = useFlag('new-checkout', false);
  globalThis.rendered?.('checkout');
  return <p id="checkout">{isNew ? 'The new checkout' : 'The old checkout'}</p>;
}

function Banner() {
  const { text } = useFlag('banner', { text: 'Welcome' });
  globalThis.rendered?.('banner');
  return <p id="banner">{text}</p>;
}

function Buy() {
  const track = useTrack();
  return (
    <button id="buy" type="button" onClick={() => track('bought', { value: 49.9 })}>
      Buy
    </button>
  );
}

function Connection() {
  return <p id="status">{useStatus().is}</p>;
}
