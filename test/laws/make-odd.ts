import { Attribute, Change } from 'ldapts';
import { readObjects } from '../../src/relay/ldap/object-stream.ts';
import { adminOf, cloudIdOf, dnOf } from './found-organisation.ts';
import type { Member } from './organisation.ts';
import type { Oddity, PredictedOrganisation } from './predicted-organisation.ts';
import type { World } from './world.ts';

/** Who goes before the second wave is gone in Entra too. */
export async function makeGo(world: World, organisation: PredictedOrganisation): Promise<void> {
  const going = organisation.oddities.filter(({ kind }) => kind === 'goes');
  for (const oddity of going) {
    const member = memberOf(organisation, oddity.member);
    await adminOf(world, member).del(dnOf(member));
  }
  if (going.length > 0) await world.cycle();
}

export async function makeOdd(world: World, organisation: PredictedOrganisation): Promise<void> {
  for (const oddity of organisation.oddities) await make(world, organisation, oddity);
}

async function make(world: World, organisation: PredictedOrganisation, oddity: Oddity): Promise<void> {
  const member = memberOf(organisation, oddity.member);
  switch (oddity.kind) {
    case 'goes':
      return;
    case 'leaves':
      return replace(world, member, 'adminDescription', 'User_written-back');
    case 'takes anchor': {
      const anchor = anchorOf(world, memberOf(organisation, oddity.of));
      return anchor === undefined ? undefined : replace(world, member, 'mS-DS-ConsistencyGuid', anchor);
    }
    case 'linked mailbox':
      return replace(world, member, 'msExchMasterAccountSid', await sidOf(world, memberOf(organisation, oddity.of)));
    case 'had another anchor':
      return plantEarlierObject(world, member);
  }
}

async function replace(world: World, member: Member, type: string, value: string | Buffer): Promise<void> {
  const modification = new Attribute({ type, values: [value] as string[] | Buffer[] });
  await adminOf(world, member).modify(dnOf(member), new Change({ operation: 'replace', modification }));
}

function anchorOf(world: World, member: Member): Buffer | undefined {
  const id = cloudIdOf(world, member);
  const anchor = id === undefined ? undefined : world.tenant.state.directory.byId(id)?.sourceAnchor;
  return anchor === undefined ? undefined : Buffer.from(anchor, 'base64');
}

async function sidOf(world: World, member: Member): Promise<Buffer> {
  const { searchEntries } = await adminOf(world, member).search(dnOf(member), {
    scope: 'base',
    attributes: ['objectSid'],
    explicitBufferAttributes: ['objectSid'],
  });
  const sid = searchEntries[0]?.['objectSid'];
  if (!Buffer.isBuffer(sid)) throw new Error(`${member.name} has no SID`);
  return sid;
}

/** Of a server that used another anchor, and that nobody cleaned up after. */
async function plantEarlierObject(world: World, member: Member): Promise<void> {
  const admin = adminOf(world, member);
  const reading = { base: dnOf(member), forest: member.forest, domainController: 'dc1' };
  for await (const [object] of readObjects(admin, reading)) {
    const sid = object?.objectSid;
    if (sid === undefined) throw new Error(`${member.name} has no SID`);
    const attributes = {
      userPrincipalName: `${member.name}.earlier@contoso.com`,
      displayName: `${member.name} earlier`,
      onPremisesSecurityIdentifier: sid,
    };
    const sourceAnchor = Buffer.from(member.name.padEnd(16, '-').slice(0, 16)).toString('base64');
    world.tenant.provision([{ operation: 'add', object: { sourceAnchor, objectType: 'user', attributes } }]);
    world.tenant.settle();
  }
}

function memberOf({ members }: PredictedOrganisation, name: string): Member {
  const member = members.find((one) => one.name === name);
  if (member === undefined) throw new Error(`the organisation has no member ${name}`);
  return member;
}
