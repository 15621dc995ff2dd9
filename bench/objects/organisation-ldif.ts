const perUnit = 2_000;

/** Users (nine of ten) and groups with twenty members each, with four addresses, in units of 2,000; LDIF, an entry at a time. */
export function* organisationLdif(realm: string, objects: number): Generator<string, void, undefined> {
  const base = realm
    .split('.')
    .map((label) => `DC=${label}`)
    .join(',');
  const unitOf = (number: number): string => `OU=Unit ${Math.floor(number / perUnit)},${base}`;
  for (let number = 0; number < objects; number += 1) {
    const unit = unitOf(number);
    if (number % perUnit === 0) yield entry(unit, [['objectClass', 'organizationalUnit']]);
    yield number % 10 === 9 ? group(number, unit) : user(number, unit);
  }
}

function user(number: number, unit: string): string {
  const name = `user${number}`;
  return entry(`CN=User ${number},${unit}`, [
    ['objectClass', 'user'],
    ['sAMAccountName', name],
    ['userPrincipalName', `${name}@contoso.com`],
    ['userAccountControl', '514'],
    ['displayName', `User ${number}`],
    ['givenName', 'User'],
    ['sn', `Number ${number}`],
    ['mail', `${name}@contoso.com`],
    ['mailNickname', name],
    ['employeeID', `E${number}`],
    ['department', `Department ${number % 100}`],
    ['title', 'Engineer'],
    ...addresses(name),
  ]);
}

function group(number: number, unit: string): string {
  const name = `group${number}`;
  const members = Array.from({ length: Math.min(20, number % perUnit) }, (_, index) => number - index - 1);
  const users = members.filter((member) => member % 10 !== 9);
  return entry(`CN=Group ${number},${unit}`, [
    ['objectClass', 'group'],
    ['sAMAccountName', name],
    ['displayName', `Group ${number}`],
    ['mail', `${name}@contoso.com`],
    ['mailNickname', name],
    ...addresses(name),
    ...users.map((member) => ['member', `CN=User ${member},${unit}`] as const),
  ]);
}

const addresses = (name: string) =>
  ['SMTP:%@contoso.com', 'smtp:%@fabrikam.com', 'smtp:%.alias@contoso.com', 'smtp:%@contoso.mail.onmicrosoft.com'].map(
    (form) => ['proxyAddresses', form.replace('%', name)] as const,
  );

const entry = (dn: string, attributes: readonly (readonly [string, string])[]): string =>
  `dn: ${dn}\n${attributes.map(([name, value]) => `${name}: ${value}\n`).join('')}\n`;
