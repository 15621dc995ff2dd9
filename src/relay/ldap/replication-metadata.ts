/** When an attribute last changed (ISO 8601), and at which controller that change began. */
export interface AttributeChange {
  readonly at: string;
  readonly on?: string;
}

/**
 * When and where attributes last changed.
 * @param values of msDS-ReplAttributeMetaData: one XML fragment an attribute (MS-ADTS 3.1.1.4.5.21)
 * @param attributes in schema spelling
 * @returns by attribute; one that was never set is left out
 */
export function attributeChanges(
  values: readonly string[],
  attributes: readonly string[],
): Record<string, AttributeChange> {
  const spelling = new Map(attributes.map((attribute) => [attribute.toLowerCase(), attribute]));
  const changes: Record<string, AttributeChange> = {};
  for (const value of values) {
    const attribute = spelling.get(elementText(value, 'pszAttributeName').toLowerCase());
    const at = Date.parse(elementText(value, 'ftimeLastOriginatingChange'));
    if (attribute === undefined || Number.isNaN(at)) continue;
    const on = controllerOf(elementText(value, 'pszLastOriginatingDsaDN'));
    changes[attribute] = { at: new Date(at).toISOString(), ...(on === undefined ? {} : { on }) };
  }
  return changes;
}

/** The settings object of a controller is a child of its server object: `CN=NTDS Settings,CN=<controller>,...`. */
const controllerOf = (settingsDn: string): string | undefined => /^CN=NTDS Settings,CN=([^,]+),/i.exec(settingsDn)?.[1];

const elementText = (xml: string, element: string): string =>
  new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1]?.trim() ?? '';
