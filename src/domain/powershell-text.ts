/** PowerShell takes typographic quotation marks for quotes too. */
const singleQuotes = /['\u2018\u2019\u201A\u201B]/g;
const doubleQuotes = /[`$"\u201C\u201D\u201E]/g;

/** A value as a single-quoted PowerShell string: nothing in it is expanded. */
export const quoted = (value: string): string => `'${value.replace(singleQuotes, '$&$&')}'`;

/** A double-quoted PowerShell string whose every special character is escaped. */
export const doubleQuoted = (value: string): string => `"${value.replace(doubleQuotes, '`$&')}"`;

/** A value inside an OPATH filter (`-Filter`). */
export const inFilter = (value: string): string => `'${value.replaceAll("'", "''")}'`;
