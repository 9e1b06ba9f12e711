export interface Product {
  readonly id: string;
  readonly name: string;
  readonly picture: string;
  readonly price_cents: number;
  readonly about: string;
  readonly goes_with: readonly string[];
}

/** What the shop sells. */
export const PRODUCTS: readonly Product[] = [
  {
    id: 'tent',
    name: 'Two-person tent',
    picture: '⛺',
    price_cents: 18_900,
    about: 'Stands in four minutes, dry in a storm.',
    goes_with: ['lantern', 'mat'],
  },
  {
    id: 'lantern',
    name: 'Lantern',
    picture: '🏮',
    price_cents: 3_450,
    about: 'Warm light for forty hours.',
    goes_with: ['tent', 'stove'],
  },
  {
    id: 'stove',
    name: 'Camping stove',
    picture: '🔥',
    price_cents: 5_900,
    about: 'Boils a litre in three minutes.',
    goes_with: ['mug', 'lantern'],
  },
  {
    id: 'mug',
    name: 'Enamel mug',
    picture: '☕',
    price_cents: 1_200,
    about: 'Gets better with every dent.',
    goes_with: ['stove'],
  },
  {
    id: 'mat',
    name: 'Sleeping mat',
    picture: '🛏️',
    price_cents: 7_800,
    about: 'Five centimetres between you and the stones.',
    goes_with: ['tent'],
  },
  {
    id: 'canoe',
    name: 'Folding canoe',
    picture: '🛶',
    price_cents: 64_900,
    about: 'Fits in a car boot and carries two.',
    goes_with: ['mug', 'mat'],
  },
];

const BY_ID: ReadonlyMap<string, Product> = new Map(PRODUCTS.map((product) => [product.id, product]));

export function findProduct(id: string): Product | undefined {
  return BY_ID.get(id);
}

export function recommendationsFor(product: Product): readonly Product[] {
  return product.goes_with.flatMap((id) => findProduct(id) ?? []);
}

export function formatPrice(cents: number): string {
  return `€ ${(cents / 100).toFixed(2)}`;
}
