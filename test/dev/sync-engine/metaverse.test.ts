import { describe, expect, test } from 'vitest';
import type { AdObject } from '../../../dev/sync-engine/ad-object.ts';
import type { UserMatch } from '../../../dev/sync-engine/joins.ts';
import { anchorsOf, Metaverse, objectTypeOf } from '../../../dev/sync-engine/metaverse.ts';
import { defaultRules } from '../../../dev/sync-engine/sync-rules.ts';
import { contact, group, user, withAttributes } from './ad-objects.ts';

const policy = (userMatch: UserMatch = 'objectSid') => ({
  rules: defaultRules('userPrincipalName'),
  userMatch,
  scopedOus: [],
});
const added = (after: AdObject) => ({ before: undefined, after });

function metaverseOf(objects: readonly AdObject[], userMatch?: UserMatch): Metaverse {
  const metaverse = new Metaverse(['one.com', 'two.com']);
  metaverse.synchronize(objects.map(added), policy(userMatch));
  return metaverse;
}

const joined = (metaverse: Metaverse) =>
  [...metaverse.objects].map(({ connected }) => connected.map((object) => object.connectorName));

describe('joining over forests', () => {
  test('a GALSync contact and a user with the same mail are one object, which is the user', () => {
    const ann = user('ann', { mail: 'ann@contoso.com' }, 'one.com');
    const gal = contact('ann', { mail: 'ANN@contoso.com' }, 'two.com');
    for (const order of [
      [ann, gal],
      [gal, ann],
    ]) {
      const metaverse = metaverseOf(order);
      const [object] = metaverse.objects;
      expect(joined(metaverse)).toEqual([['one.com', 'two.com']]);
      expect(object && objectTypeOf(object)).toBe('user');
      expect(object && anchorsOf(object)).toHaveLength(1);
    }
  });

  test('a contact and a user of one forest with the same mail stay two objects: that is a real conflict', () => {
    const metaverse = metaverseOf([
      user('ann', { mail: 'a@contoso.com' }, 'one.com'),
      contact('a', { mail: 'a@contoso.com' }, 'one.com'),
    ]);
    expect(joined(metaverse)).toEqual([['one.com'], ['one.com']]);
  });

  test('a linked mailbox joins the account that it names', () => {
    const account = user('ann', { objectSid: 'S-1-5-21-9-9-9-1' }, 'one.com');
    const mailbox = user(
      'ann',
      {
        msExchRecipientTypeDetails: '2',
        msExchMasterAccountSid: 'S-1-5-21-9-9-9-1',
        mail: 'ann@two.com',
        userAccountControl: '514',
      },
      'two.com',
    );
    const [object] = metaverseOf([mailbox, account]).objects;
    expect(object?.values.get('userPrincipalName')?.value).toBe('ann@one.com');
    expect(object?.values.get('mail')?.value).toBe('ann@two.com');
    expect(joined(metaverseOf([mailbox, account], 'once'))).toHaveLength(2);
  });

  test.each<[UserMatch, number]>([
    ['once', 2],
    ['objectSid', 2],
    ['mail', 1],
    ['sAMAccountName', 1],
  ])('two users with one mail and one account name under userMatch %s are %i objects', (userMatch, count) => {
    const attributes = { mail: 'ann@contoso.com', mailNickname: 'ann', sAMAccountName: 'ann' };
    const metaverse = metaverseOf([user('ann', attributes, 'one.com'), user('ann2', attributes, 'two.com')], userMatch);
    expect(joined(metaverse)).toHaveLength(count);
  });

  test('a join is sticky: it survives that the matching values part', () => {
    const ann = user('ann', { mail: 'ann@contoso.com' }, 'one.com');
    const gal = contact('ann', { mail: 'ann@contoso.com' }, 'two.com');
    const metaverse = metaverseOf([ann, gal]);
    metaverse.synchronize([{ before: ann, after: withAttributes(ann, { mail: ['new@contoso.com'] }) }], policy());
    expect(joined(metaverse)).toEqual([['one.com', 'two.com']]);
  });
});

describe('changes', () => {
  test('an object that leaves the scope is disconnected, and the metaverse object goes with its last connector', () => {
    const ann = user('ann', {}, 'one.com');
    const metaverse = metaverseOf([ann]);
    const [object] = metaverse.objects;
    const touched = metaverse.synchronize(
      [{ before: ann, after: withAttributes(ann, { adminDescription: ['User_out'] }) }],
      policy(),
    );
    expect([...touched]).toEqual([object?.id]);
    expect([...metaverse.objects]).toEqual([]);
  });

  test('a report is evaluated again when its manager appears, and when the manager goes', () => {
    const boss = user('boss', {}, 'one.com');
    const ann = user('ann', { manager: boss.distinguishedName }, 'one.com');
    const metaverse = metaverseOf([ann]);
    const manager = () => metaverse.objectOf(ann)?.values.get('manager')?.value;
    expect(manager()).toBeUndefined();
    metaverse.synchronize([added(boss)], policy());
    expect(manager()).toBe(metaverse.objectOf(boss)?.values.get('sourceAnchor')?.value);
    metaverse.synchronize([{ before: boss, after: undefined }], policy());
    expect(manager()).toBeUndefined();
  });

  test('a member that comes in the same import as its group is a member, whichever is read first', () => {
    const ann = user('ann', {}, 'one.com');
    const staff = group('staff', { member: ann.distinguishedName }, 'one.com');
    for (const order of [
      [ann, staff],
      [staff, ann],
    ]) {
      expect(metaverseOf(order).objectOf(staff)?.values.get('members')?.value).toHaveLength(1);
    }
  });
});
