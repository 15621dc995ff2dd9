/**
 * Equal for texts that AD's directory-string matching takes for equal: case, accents and width do not count.
 * Source: [MS-ADTS] 3.1.1.2.2.4 with the comparison flags of 3.1.1.2.2.4.13 (NORM_IGNORECASE, NORM_IGNORENONSPACE, NORM_IGNOREWIDTH).
 */
export function foldText(text: string): string {
  return isAscii(text)
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .replace(/\p{Mn}/gu, '')
        .toLowerCase();
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
