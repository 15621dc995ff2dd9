import { beforeEach, describe, expect, it } from 'vitest';
import { caseView } from '../../src/api-contract.ts';
import { erasePerson, findPerson } from '../../src/cli/erase-person.ts';
import { showCase } from '../../src/cli/show-case.ts';
import { verifyTrails } from '../../src/cli/verify-trails.ts';
import type { AuditGround } from './audit-ground.ts';
import {
  approver,
  caseId,
  diagnosed,
  kiosk,
  mona,
  type Person,
  record,
  sighted,
  wholeStory,
} from './recorded-cases.ts';

const [a, b] = [caseId('a'), caseId('b')];
const evidence = '1'.repeat(64);

/** What the audit trail's commands promise, whatever the store. */
export function auditTrailContract(name: string, prepare: () => Promise<AuditGround>): void {
  describe(name, () => {
    let ground: AuditGround;
    let lines: string[];
    const print = (line: string) => void lines.push(line);
    const verify = async (repair = false) => {
      lines = [];
      return verifyTrails(ground.audit, repair, print);
    };
    const erase = async (who: Person, reason = 'request 17') => {
      lines = [];
      return erasePerson(ground.audit, { names: [who.address], reason }, print);
    };

    beforeEach(async () => {
      ground = await prepare();
      lines = [];
      await ground.putEvidence(evidence);
      await record(ground.audit.store, a, wholeStory(a, kiosk, mona, evidence));
    });

    describe('verify', () => {
      it('finds nothing wrong with what the pipeline wrote', async () => {
        await record(ground.audit.store, b, [sighted(b, kiosk, kiosk.address)]);
        expect(await verify()).toBe(true);
        expect(lines).toEqual(['2 cases: 0 broken, 0 shown wrongly, 0 repaired, the rest sound.']);
      });

      it('notices that the reason of an approval was rewritten', async () => {
        await ground.intruder.changeEvent(a, 2, (event) => ({
          ...event,
          event: { ...event.event, data: { ...event.event?.data, reason: 'It was never asked' } },
        }));
        expect(await verify()).toBe(false);
        expect(lines[0]).toBe(`${a}: event 2: its data is not what was recorded.`);
      });

      it('notices that somebody else is named as the approver', async () => {
        await ground.intruder.changeEvent(a, 2, (event) => ({ ...event, by: { oid: 'somebody-else' } }));
        expect(await verify()).toBe(false);
        expect(lines.join()).toContain('event 3 does not follow the event before it');
      });

      it('notices an event that was taken out of the middle', async () => {
        await ground.intruder.removeEvent(a, 3);
        expect(await verify()).toBe(false);
        expect(lines.join()).toContain('event 3 is missing or out of order (found 4).');
      });

      it('notices events that were cut off the end, which the chain alone does not', async () => {
        await ground.intruder.removeEvent(a, 5);
        expect(await verify()).toBe(false);
        expect(lines[0]).toContain('does not end with its last event');
      });

      it('names an event that is no event any more', async () => {
        await ground.intruder.changeEvent(a, 1, () => ({ nothing: true }));
        expect(await verify()).toBe(false);
        expect(lines.join()).toContain('event 1 cannot be read');
      });

      it('names what a projection shows differently from its events, without showing the values', async () => {
        await ground.intruder.changeProjection(a, (projection) => ({
          ...projection,
          state: 'Rejected',
          message: 'secret',
        }));
        expect(await verify()).toBe(false);
        expect(lines).toContain(`${a}: its projection says Rejected, its events say Resolved.`);
        expect(lines).toContain(`${a}: its projection has another 'message' than its events.`);
        expect(lines.join()).not.toContain('secret');
      });

      it('goes on after a broken case and counts both kinds', async () => {
        await record(ground.audit.store, b, [sighted(b, kiosk, kiosk.address)]);
        await ground.intruder.removeEvent(a, 3);
        await ground.intruder.changeProjection(b, (projection) => ({ ...projection, message: 'other' }));
        expect(await verify()).toBe(false);
        expect(lines.at(-1)).toBe('2 cases: 1 broken, 1 shown wrongly, 0 repaired, the rest sound.');
      });
    });

    describe('verify --repair', () => {
      it('makes a wrong projection again, and then nothing is wrong', async () => {
        await ground.intruder.changeProjection(a, (projection) => ({ ...projection, state: 'Rejected' }));
        expect(await verify(true)).toBe(true);
        expect(await verify()).toBe(true);
        expect((await ground.audit.store.read(a))?.case.state).toBe('Resolved');
      });

      it('makes an unreadable projection again', async () => {
        await ground.intruder.changeProjection(a, () => ({ nothing: true }));
        expect(await verify(true)).toBe(true);
        expect((await ground.audit.store.read(a))?.case.state).toBe('Resolved');
      });

      it('makes a missing projection again, and the case can go on', async () => {
        await ground.intruder.removeProjection(a);
        expect(await verify(true)).toBe(true);
        await record(ground.audit.store, a, [{ type: 'ConfirmedLater', data: { days: 1, proof: 'Still gone.' } }]);
        expect(await verify()).toBe(true);
      });

      it('does not make a projection agree with a broken record', async () => {
        await ground.intruder.removeEvent(a, 5);
        expect(await verify(true)).toBe(false);
        expect((await ground.audit.store.read(a))?.case.sequence).toBe(5);
      });
    });

    describe('erase', () => {
      it('takes the person out of events, projection and evidence, and the chain still holds', async () => {
        expect(await erase(mona)).toBe(true);
        const trail = await ground.audit.trail.read(a);
        expect(JSON.stringify(trail)).not.toMatch(/mona|keller|kiosk/i);
        expect(trail?.events.slice(0, -1).every(({ event, salt }) => event === null && salt === null)).toBe(true);
        expect(await ground.hasEvidence(evidence)).toBe(false);
        expect(await verify()).toBe(true);
      });

      it('leaves state, times and who acted, and says who erased when and why', async () => {
        const before = (await ground.audit.store.read(a))?.case;
        await erase(mona);
        const stored = await ground.audit.store.read(a);
        const shown = stored && caseView(stored.case, await ground.audit.store.events(a));
        expect(shown).toMatchObject({
          id: a,
          state: 'Resolved',
          createdAt: before?.createdAt,
          erased: true,
          subject: { displayName: '(erased)' },
          diagnosis: { reason: 'Erased' },
        });
        expect(shown?.events.map(({ type }) => type)).toEqual([
          ...(before?.events.map(({ type }) => type) ?? []),
          'Erased',
        ]);
        expect(shown?.events[2]).toMatchObject({ by: approver, data: null });
        expect(shown?.events.at(-1)).toMatchObject({ at: '2026-03-01T00:00:00.000Z', data: { reason: 'request 17' } });
      });

      it.each([
        ['object id', mona.id],
        ['objectGUID, in capitals', mona.objectGuid.toUpperCase()],
        ['UPN', mona.address],
      ])('finds a person by %s', async (_what, name) => {
        expect(await erasePerson(ground.audit, { names: [name], reason: 'request 17' }, print)).toBe(true);
        expect(lines).toEqual([`${a}: erased.`, '1 cases erased, 0 left.']);
      });

      it('finds a person whom only an earlier diagnosis named', async () => {
        const other: Person = {
          name: 'Tom',
          id: 'aaaaaaaa-0000-4000-8000-000000000003',
          objectGuid: 'x',
          address: 'tom@x.org',
        };
        await record(ground.audit.store, b, [
          sighted(b, kiosk, kiosk.address),
          diagnosed(kiosk, other, ''),
          diagnosed(kiosk, kiosk, ''),
          { type: 'Rejected', data: { reason: 'no' } },
        ]);
        await erase(other);
        expect(lines).toContain(`${b}: erased.`);
      });

      it('leaves a person alone whose address only ends or begins alike', async () => {
        await erase({ ...mona, address: 'keller@contoso.com' });
        await erase({ ...mona, address: 'mona.keller@contoso.co' });
        expect(lines).toEqual(['0 cases erased, 0 left.']);
      });

      it('does not erase the cases that somebody has approved', async () => {
        await erasePerson(ground.audit, { names: [approver.oid], reason: 'request 17' }, print);
        expect(lines).toEqual(['0 cases erased, 0 left.']);
      });

      it('refuses a case that is not over, by name and with the way out, and erases the others', async () => {
        await record(ground.audit.store, b, [sighted(b, kiosk, mona.address), diagnosed(kiosk, mona, '')]);
        expect(await erase(mona)).toBe(false);
        expect(lines).toContain(`${a}: erased.`);
        expect(lines.join()).toMatch(new RegExp(`${b}: not erased: it is AwaitingApproval, .* Reject it`));
        expect((await ground.audit.store.read(b))?.case.holders[0]?.displayName).toBe(mona.name);
      });

      it('refuses a case whose record is broken', async () => {
        await ground.intruder.removeEvent(a, 3);
        expect(await erase(mona)).toBe(false);
        expect(lines[0]).toContain('its record is broken');
      });

      it('refuses a reason that names the person, because it is kept', async () => {
        expect(await erase(mona, `asked for by ${mona.address}`)).toBe(false);
        expect((await ground.audit.store.read(a))?.case.erased).toBe(false);
      });

      it('finishes what an earlier run left half done', async () => {
        const trail = await ground.audit.trail.read(a);
        if (trail) await ground.audit.trail.eraseEvents(trail, [0, 1]);
        expect(await erase(mona)).toBe(true);
        expect(JSON.stringify(await ground.audit.trail.read(a))).not.toContain('mona');
        expect(await verify()).toBe(true);
      });

      it('begins anew when something is appended meanwhile, so that nothing of it stays', async () => {
        const { audit } = ground;
        let interrupted = false;
        const trail = {
          ...audit.trail,
          async eraseEvents(...request: Parameters<typeof audit.trail.eraseEvents>) {
            await audit.trail.eraseEvents(...request);
            if (interrupted) return;
            interrupted = true;
            await record(audit.store, a, [
              { type: 'ConfirmedLater', data: { days: 1, proof: `Gone from ${mona.address}.` } },
            ]);
          },
        };
        expect(await erasePerson({ ...audit, trail }, { names: [mona.address], reason: 'request 17' }, print)).toBe(
          true,
        );
        expect(JSON.stringify(await audit.trail.read(a))).not.toContain('mona');
        expect(await verify()).toBe(true);
      });

      it('lets the fault be reported again: the case then knows what is reported now, and can be erased again', async () => {
        await erase(mona);
        const { state, error } = await record(ground.audit.store, a, [sighted(a, kiosk, mona.address)]);
        expect({ state, code: error.code, value: error.value }).toEqual({
          state: 'Reopened',
          code: 'QuarantinedProxyAddress',
          value: `smtp:${mona.address}`,
        });
        expect(await verify()).toBe(true);
        await record(ground.audit.store, a, [{ type: 'Rejected', data: { reason: 'no' } }]);
        expect(await erase(mona)).toBe(true);
        expect(JSON.stringify(await ground.audit.trail.read(a))).not.toContain('mona');
        expect(await verify()).toBe(true);
      });
    });

    describe('show', () => {
      it('prints who did what, when and why', async () => {
        expect(await showCase(ground.audit, a, print)).toBe(true);
        expect(lines).toHaveLength(6);
        expect(lines[2]).toMatch(/2026-01-01T00:02:00.000Z {2}Approved +Approved +Anna Approver \(.*\): They agreed$/);
      });

      it('says that there is no such case', async () => {
        expect(await showCase(ground.audit, b, print)).toBe(false);
      });

      it('lists the cases that speak of a person', async () => {
        await record(ground.audit.store, b, [sighted(b, kiosk, kiosk.address)]);
        await findPerson(ground.audit, [mona.address], print);
        expect(lines).toEqual([`${a}: Resolved`]);
      });
    });
  });
}
