import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkTrail } from '../../src/domain/audit-trail.ts';
import { auditTrailContract } from './audit-trail-contract.ts';
import { type Storage, startStorage } from './azurite-ground.ts';
import { inMemoryGround } from './in-memory-ground.ts';
import { caseId, kiosk, mona, record, sighted, wholeStory } from './recorded-cases.ts';

auditTrailContract('The audit trail in memory', async () => inMemoryGround());

describe('With Azurite', () => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await startStorage();
  });
  afterAll(() => storage.stop());

  auditTrailContract('The audit trail in Azurite', () => storage.ground());

  it('reads cases of all partitions and of several pages, each with its own events', async () => {
    const { audit } = await storage.ground();
    const ids = [...'0123456789abcdef'].map(caseId);
    const crowd = Array.from({ length: 110 }, (_, place) => `c${String(place).padStart(31, '0')}`);
    await Promise.all(ids.map((id) => record(audit.store, id, wholeStory(id, kiosk, mona, ''))));
    await Promise.all(crowd.map((id) => record(audit.store, id, [sighted(id, kiosk, mona.address)])));
    const seen: string[] = [];
    for await (const trail of audit.trail.trails()) {
      expect(checkTrail(trail)).toEqual({ broken: [], outdated: [] });
      seen.push(trail.id);
    }
    expect(seen.toSorted()).toEqual([...ids, ...crowd].toSorted());
  });

  it('erases a case with more events than one transaction takes', async () => {
    const { audit } = await storage.ground();
    const id = caseId('d');
    const many = Array.from({ length: 120 }, () => sighted(id, kiosk, mona.address));
    await record(audit.store, id, many);
    const trail = await audit.trail.read(id);
    if (!trail) throw new Error('it was recorded');
    await audit.trail.eraseEvents(
      trail,
      trail.events.map(({ sequence }) => sequence),
    );
    const after = await audit.trail.read(id);
    expect(after?.events.every(({ event, salt }) => event === null && salt === null)).toBe(true);
    expect(after && checkTrail(after).broken).toEqual([]);
  });
});
