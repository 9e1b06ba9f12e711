/** So many of each product's users are asked for. */
export const USERS = 10_000;
