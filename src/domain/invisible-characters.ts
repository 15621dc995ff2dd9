/**
 * Characters that nobody sees in a name or an address: default-ignorable code points (zero-width space and joiners, soft
 * hyphen, word joiner, byte order mark, marks of direction), control characters, and every space but U+0020. Unicode Character
 * Database, properties Default_Ignorable_Code_Point and General_Category, as the engine knows them.
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;
const hasOther = /[^\x20-\x7e]/;

/** Distinct code points in the order of their first appearance: `U+200B`. */
export function invisibleIn(text: string): string[] {
  if (!hasOther.test(text)) return [];
  return [...new Set(text.match(invisible) ?? [])].map(codePoint);
}

export const withoutInvisible = (text: string): string => (hasOther.test(text) ? text.replace(invisible, '') : text);

/** `U+` and at least four hexadecimal digits. */
export const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
