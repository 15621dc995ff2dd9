import type { Value } from './attribute-value.ts';
import { commit } from './commit.ts';
import type { Controller } from './controller.ts';
import { generalizedTime } from './directory-time.ts';
import type { Entry } from './entry.ts';
import type { Domain, Forest } from './forest.ts';
import { guidOctets, newGuid } from './object-guid.ts';
import { Replica } from './replica.ts';
import { classSchema } from './schema.ts';
import { newDescriptor } from './security-descriptor.ts';
import { builtInAdministrators, sidOctets } from './security-identifier.ts';

type Attributes = Readonly<Record<string, Value | readonly Value[]>>;

const critical = { isCriticalSystemObject: 'TRUE' };
/** Windows stamps protected accounts hourly (SDProp); the built-in ones are stamped from the start. */
const protectedAccount = { ...critical, adminCount: '1', nTSecurityDescriptor: newDescriptor(true) };

/** Makes a domain as it is after promotion: containers, the administrator, krbtgt and the Tier-0 groups. */
export function populateDomain(domain: Domain, adminPassword: string): void {
  const { spokesman, forest } = domain;
  const make = maker(spokesman, spokesman.replica);
  const root = make(undefined, domain.netbiosName.toLowerCase(), 'domainDNS', {
    ...critical,
    objectSid: sidOctets(domain.sid),
  });
  const users = make(root, 'Users', 'container', critical);
  make(root, 'Computers', 'container', critical);
  make(root, 'Deleted Objects', 'container', { ...critical, isDeleted: 'TRUE' });
  make(root, 'LostAndFound', 'lostAndFound', critical);
  make(root, 'System', 'container', critical);
  make(root, 'Domain Controllers', 'organizationalUnit', critical);
  const builtin = make(root, 'Builtin', 'builtinDomain', critical);
  const account = (name: string, rid: number, more: Attributes): Entry =>
    make(users, name, 'user', {
      ...principal(domain, name, rid),
      sAMAccountType: '805306368',
      primaryGroupID: '513',
      ...more,
    });
  const group = (name: string, rid: number, members: readonly Entry[], more: Attributes = critical): Entry =>
    make(users, name, 'group', {
      ...principal(domain, name, rid),
      groupType: '-2147483646',
      sAMAccountType: '268435456',
      member: members.map(({ guid }) => guid),
      ...more,
    });
  const administrator = account('Administrator', 500, {
    ...protectedAccount,
    description: 'Built-in account for administering the computer/domain',
    userAccountControl: '512',
    unicodePwd: adminPassword,
  });
  account('Guest', 501, { ...critical, userAccountControl: '66082' });
  account('krbtgt', 502, { ...protectedAccount, userAccountControl: '514' });
  const domainAdmins = group('Domain Admins', 512, [administrator], protectedAccount);
  group('Domain Users', 513, []);
  group('Domain Guests', 514, []);
  group('Domain Computers', 515, []);
  group('Domain Controllers', 516, [], protectedAccount);
  group('Group Policy Creator Owners', 520, [administrator]);
  group('Protected Users', 525, []);
  const forestWide = domain === forest.rootDomain ? ['Schema Admins', 'Enterprise Admins'] : [];
  const enterprise = forestWide.map((name, index) => group(name, 518 + index, [administrator], protectedAccount));
  const tierZero: readonly [string, number, readonly Entry[]][] = [
    ['Administrators', 544, [administrator, domainAdmins, ...enterprise.slice(1)]],
    ['Account Operators', 548, []],
    ['Server Operators', 549, []],
    ['Print Operators', 550, []],
    ['Backup Operators', 551, []],
  ];
  for (const [name, rid, members] of tierZero) {
    make(builtin, name, 'group', {
      ...protectedAccount,
      objectSid: sidOctets(builtInAdministrators.replace('544', String(rid))),
      sAMAccountName: name,
      groupType: '-2147483643',
      sAMAccountType: '536870912',
      member: members.map(({ guid }) => guid),
    });
  }
}

const principal = (domain: Domain, name: string, rid: number): Attributes => ({
  objectSid: sidOctets(`${domain.sid}-${rid}`),
  sAMAccountName: name,
});

/** Makes the configuration naming context: the partitions of the forest and the settings of every controller. */
export function populateConfiguration(forest: Forest): void {
  const { catalogue } = forest;
  const replica = new Replica({ baseDn: `CN=Configuration,${forest.rootDn}`, dsa: catalogue.dsa, usn: catalogue.usn });
  forest.configuration = replica;
  const make = maker(catalogue, replica);
  const root = make(undefined, 'Configuration', 'configuration');
  const partitions = make(root, 'Partitions', 'crossRefContainer', { 'msDS-Behavior-Version': '7' });
  for (const domain of forest.domains) {
    make(partitions, domain.netbiosName, 'crossRef', {
      nCName: domain.spokesman.replica.root.guid,
      dnsRoot: domain.dnsName,
      nETBIOSName: domain.netbiosName,
      systemFlags: '3',
    });
  }
  const sites = make(root, 'Sites', 'sitesContainer');
  const servers = make(make(sites, 'Default-First-Site-Name', 'site'), 'Servers', 'serversContainer');
  for (const controller of forest.domains.flatMap(({ controllers }) => controllers)) {
    const server = make(servers, controller.name.toUpperCase(), 'server', { dNSHostName: controller.hostName });
    make(server, 'NTDS Settings', 'nTDSDSA', {
      invocationId: guidOctets(controller.dsa.invocationId),
      options: controller === catalogue ? '1' : '0',
    });
  }
}

/** Makes objects without the checks for clients, which would refuse what only the system writes. */
function maker(controller: Controller, replica: Replica) {
  const now = generalizedTime(controller.environment.clock.now());
  return (parent: Entry | undefined, name: string, className: string, more: Attributes = {}): Entry => {
    const schema = classSchema(className);
    if (!schema) throw new Error(`the schema has no class ${className}`);
    const own = Object.entries(more).map(([type, value]) => [type.toLowerCase(), [value].flat() as Value[]] as const);
    const attributes = new Map<string, readonly Value[]>([
      ['objectclass', schema.chain],
      ['objectcategory', [schema.category]],
      ['name', [name]],
      ['instancetype', [parent ? '4' : '5']],
      ['whencreated', [now]],
      ...own.filter(([, values]) => values.length > 0),
    ]);
    const placement = { parent: parent?.guid ?? '', rdnType: schema.rdnType, rdnValue: name };
    return commit(controller, replica, { guid: newGuid(), attributes, placement });
  };
}
