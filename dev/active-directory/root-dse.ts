import { supportedControls } from './call.ts';
import type { Controller } from './controller.ts';
import { generalizedTime } from './directory-time.ts';
import type { SearchEntry } from './ldap-response.ts';

/** What the controller says about itself, to everyone. `*` and an empty list ask for everything. */
export function rootDse(controller: Controller, names: readonly string[]): SearchEntry {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const every = wanted.size === 0 || wanted.has('*');
  const attributes = Object.entries(facts(controller)).filter(([type]) => every || wanted.has(type.toLowerCase()));
  return {
    dn: '',
    attributes: attributes.map(([type, values]) => ({ type, values: values.map((v) => Buffer.from(v)) })),
  };
}

function facts({ domain, dsa, usn, hostName, environment, name }: Controller): Record<string, readonly string[]> {
  const { forest, baseDn } = domain;
  const configuration = `CN=Configuration,${forest.rootDn}`;
  return {
    currentTime: [generalizedTime(environment.clock.now())],
    subschemaSubentry: [`CN=Aggregate,CN=Schema,${configuration}`],
    dsServiceName: [dsa.settingsDn],
    namingContexts: [baseDn, configuration, `CN=Schema,${configuration}`],
    defaultNamingContext: [baseDn],
    schemaNamingContext: [`CN=Schema,${configuration}`],
    configurationNamingContext: [configuration],
    rootDomainNamingContext: [forest.rootDn],
    supportedControl: supportedControls,
    supportedLDAPVersion: ['3', '2'],
    highestCommittedUSN: [String(usn.last)],
    supportedSASLMechanisms: ['GSSAPI', 'GSS-SPNEGO', 'EXTERNAL', 'DIGEST-MD5'],
    dnsHostName: [hostName],
    ldapServiceName: [`${forest.name}:${name.toLowerCase()}$@${domain.dnsName.toUpperCase()}`],
    serverName: [dsa.settingsDn.slice('CN=NTDS Settings,'.length)],
    supportedCapabilities: ['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1670', '1.2.840.113556.1.4.1791'],
    isSynchronized: ['TRUE'],
    isGlobalCatalogReady: [domain.forest.catalogue.hostName === hostName ? 'TRUE' : 'FALSE'],
    domainFunctionality: ['7'],
    forestFunctionality: ['7'],
    domainControllerFunctionality: ['7'],
  };
}
