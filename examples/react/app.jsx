import { useFlag, useStatus } from '@spillway/react';

export function App() {
  return (
    <main>
      <Checkout />
      <Banner />
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

function Connection() {
  return <p id="status">{useStatus().is}</p>;
}
