import type { User } from './definitions.ts';

const COUNTRIES =
  'AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK AU BR CA JP KR MX NZ US'.split(
    ' ',
  );
const HOSTS = ['mail.example', 'post.example', 'web.example', 'inbox.example', 'corp.example', 'club.org'];
const PLANS = ['free', 'free', 'free', 'free', 'starter', 'starter', 'business', 'business', 'trial', 'enterprise'];

/** Mulberry32: the same users in every process. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A key in the form of a UUID, as most systems have them. */
export function idAt(index: number): string {
  const random = randomFrom(index * 7919 + 17);
  const hex = Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/**
 * Users 0 to `count` - 1; all have the same attributes in the same order, as one place in an application gives them. They
 * have been through JSON, as what comes in by a request has: text that a program has just put together from pieces stays in
 * pieces within the engine, and is slower to read for everybody.
 */
export function usersOf(count: number): User[] {
  return JSON.parse(JSON.stringify(madeUsers(count)));
}

function madeUsers(count: number): User[] {
  return Array.from({ length: count }, (_, index) => {
    const random = randomFrom(index + 1);
    const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
    return {
      targetingKey: idAt(index),
      country: pick(COUNTRIES),
      app_version: `${Math.floor(random() * 10)}.${Math.floor(random() * 30)}.${Math.floor(random() * 20)}`,
      email: `person${index}@${pick(HOSTS)}`,
      age: 18 + Math.floor(random() * 77),
      plan: pick(PLANS),
      logins: Math.floor(random() * 400),
    };
  });
}
