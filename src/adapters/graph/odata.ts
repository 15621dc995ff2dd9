/** A string literal of an OData expression: quoted, with every quote inside doubled. */
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** One segment of a path. Object ids pass unchanged; `#` and `/` of a guest's userPrincipalName do not. */
export const segment = (value: string): string => encodeURIComponent(value);

/**
 * A path with its query options, percent-encoded. `+` in particular must be sent as %2B: a bare one reads as a space.
 * @param options `$select` and the like, in the order they are sent; undefined ones are left out.
 */
export function withQuery(path: string, options: Readonly<Record<string, string | number | undefined>>): string {
  const query = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}
