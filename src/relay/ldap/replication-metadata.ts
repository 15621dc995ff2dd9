/**
 * When attributes last changed at the controller where the change began.
 * @param values of msDS-ReplAttributeMetaData: one XML fragment an attribute (MS-ADTS 3.1.1.4.5.21)
 * @param attributes in schema spelling
 * @returns ISO 8601 by attribute; an attribute that was never set is left out
 */
export function attributeChanges(values: readonly string[], attributes: readonly string[]): Record<string, string> {
  const spelling = new Map(attributes.map((attribute) => [attribute.toLowerCase(), attribute]));
  const changes: Record<string, string> = {};
  for (const value of values) {
    const attribute = spelling.get(elementText(value, 'pszAttributeName').toLowerCase());
    const at = Date.parse(elementText(value, 'ftimeLastOriginatingChange'));
    if (attribute !== undefined && !Number.isNaN(at)) changes[attribute] = new Date(at).toISOString();
  }
  return changes;
}

const elementText = (xml: string, element: string): string =>
  new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1]?.trim() ?? '';
