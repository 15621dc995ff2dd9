/** Numbers tried after the plain name. */
const highestNumber = 9;

/** The name in lower-case letters without accents that every user name may have, at most 60 of them; empty when none is left. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/\s+/g, '.')
    .replace(/[^a-z0-9._-]/g, '')
    .replace(/\.{2,}/g, '.')
    .replace(/^\.+|\.+$/g, '')
    .slice(0, 60)
    .replace(/\.+$/, '');

/** The name, and the names to try when it is taken: `anna`, `anna2` ... `anna9`. */
export const numbered = (name: string): string[] => [
  name,
  ...Array.from({ length: highestNumber - 1 }, (_, index) => `${name}${index + 2}`),
];
