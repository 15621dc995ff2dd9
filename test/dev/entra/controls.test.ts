import { expect, test } from 'vitest';
import { ControlValueError } from '../../../dev/control/control.ts';
import { switchNames } from '../../../dev/entra/switches.ts';
import { Organisation } from './organisation.ts';

test('every control has a unique dotted name, a meaning, and a value that is JSON', () => {
  const controls = new Organisation().tenant.controls();
  expect(new Set(controls.map(({ name }) => name)).size).toBe(controls.length);
  for (const { name, meaning, read } of controls) {
    expect(name).toMatch(/^entra\.[a-zA-Z]+$/);
    expect(meaning).toMatch(/\.$/);
    expect(JSON.stringify(read())).toBeTypeOf('string');
  }
});

test('every switch is a control', () => {
  const names = new Organisation().tenant.controls().map(({ name }) => name);
  for (const name of switchNames) expect(names).toContain(`entra.${name}`);
});

test('a value that a control does not take is refused and changes nothing', async () => {
  const organisation = new Organisation();
  organisation.cloudUser('ann@contoso.com');
  for (const control of organisation.tenant.controls()) {
    const before = JSON.stringify(control.read());
    await expect((async () => control.write({ nonsense: 'nonsense' }))(), control.name).rejects.toThrow(
      ControlValueError,
    );
    expect(JSON.stringify(control.read())).toBe(before);
  }
});

test('what was accepted is not set before it is applied', async () => {
  const organisation = new Organisation();
  const user = organisation.cloudUser('ann@contoso.com');
  const licences = organisation.tenant.controls().find(({ name }) => name === 'entra.licences');
  const apply = licences?.prepare({ 'ann@contoso.com': true });
  expect(user.exchangePlan).toBe(false);
  await apply?.();
  expect(user.exchangePlan).toBe(true);
});

test('an object that was never synchronised is refused before anything is switched to the cloud', async () => {
  const organisation = new Organisation();
  organisation.cycle('add', 'user', 'a', { userPrincipalName: 'ann@contoso.com' });
  organisation.cloudUser('carl@contoso.com');
  const both = { 'ann@contoso.com': true, 'carl@contoso.com': true };
  await expect(organisation.set('entra.cloudManaged', both)).rejects.toThrow('carl@contoso.com was never synchronised');
  expect(organisation.bySourceAnchor('a').sync).toBe('synced');
});

test('a control by object takes ids and UPNs, and names the one that it does not know', async () => {
  const organisation = new Organisation();
  const user = organisation.cloudUser('ann@contoso.com');
  await organisation.set('entra.mailboxes', { [user.id]: 'shared' });
  await organisation.set('entra.createdDateTimes', { 'ann@contoso.com': '2020-01-01T00:00:00.000Z' });
  expect(user).toMatchObject({ mailbox: 'shared', createdAt: Date.UTC(2020, 0, 1) });
  await expect(
    organisation.set('entra.licences', { 'ann@contoso.com': true, 'nobody@contoso.com': true }),
  ).rejects.toThrow('nobody@contoso.com');
  expect(user.exchangePlan).toBe(false);
});
