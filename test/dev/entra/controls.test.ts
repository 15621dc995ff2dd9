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
