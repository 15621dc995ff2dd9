import { expect, test } from 'vitest';
import { type AuditSource, type ObjectBatches, startAudit } from '../../src/audit/audit.ts';
import type { AuditObject } from '../../src/audit/audit-object.ts';
import type { Finding } from '../../src/audit/finding.ts';
import { entraRules } from '../../src/audit/index.ts';
import { type AuditProgress, auditDirectory } from '../../src/pipeline/audit-directory.ts';
import { allOf } from '../all-of.ts';
import { contoso, user } from '../audit/organisation.ts';

const anna = user('Anna', { userPrincipalName: 'anna@contoso.com', mail: 'info@contoso.com', sAMAccountName: 'anna' });
const bert = user('Bert', { userPrincipalName: 'b ert@contoso.com', sAMAccountName: 'bert' });
const carl = user('Carl', { userPrincipalName: 'carl@contoso.com', mail: 'info@contoso.com', sAMAccountName: 'carl' });
const fine = user('Dora', { userPrincipalName: 'dora@contoso.com', sAMAccountName: 'dora' });

const duplicate = (findings: readonly Finding[]) => findings.filter(({ rule }) => rule === 'DuplicateAddress');

test('findings of objects come while they are read, those of several objects at the end', async () => {
  const batches = await allOf(auditDirectory(sourceOf([[anna, fine], [bert], [carl]]), run()));
  expect(batches[0]?.some(({ rule }) => rule.startsWith('UserPrincipalName'))).toBe(true);
  expect(duplicate(batches.at(-1) ?? [])).toMatchObject([
    { message: 'The address info@contoso.com belongs to Anna and Carl.' },
  ]);
  expect(batches.slice(0, -1).flatMap(duplicate)).toEqual([]);
});

test('progress counts objects in both readings; the second passes over those in which nothing is wrong', async () => {
  const told: AuditProgress[] = [];
  await allOf(auditDirectory(sourceOf([[anna, fine], [bert], [carl]]), run(), (progress) => told.push(progress)));
  expect(told).toEqual([
    { reading: 'first', objects: 2 },
    { reading: 'first', objects: 3 },
    { reading: 'first', objects: 4 },
    { reading: 'second', objects: 1 },
    { reading: 'second', objects: 2 },
    { reading: 'second', objects: 3 },
  ]);
});

test('a directory in which nothing is wrong answers nothing', async () => {
  expect(await allOf(auditDirectory(sourceOf([[fine]]), run()))).toEqual([]);
  expect(await allOf(auditDirectory(sourceOf([]), run()))).toEqual([]);
});

test('a source that goes away in the midst ends the audit with its error', async () => {
  const lost: AuditSource = {
    async *first(): ObjectBatches {
      yield [anna];
      throw new Error('dc1.contoso.com closed the connection');
    },
    again: sourceOf([]).again,
  };
  await expect(allOf(auditDirectory(lost, run()))).rejects.toThrow('dc1.contoso.com closed the connection');
});

test.each(['first', 'second'] as const)('an audit that is given up stops in the %s reading', async (reading) => {
  const giveUp = new AbortController();
  const stop = (progress: AuditProgress): void => {
    if (progress.reading === reading) giveUp.abort(new Error('the operator pressed Ctrl+C'));
  };
  const findings = allOf(auditDirectory(sourceOf([[anna], [bert], [carl]]), run(), stop, giveUp.signal));
  await expect(findings).rejects.toThrow('the operator pressed Ctrl+C');
});

const run = () => startAudit(contoso, entraRules);

function sourceOf(batches: readonly (readonly AuditObject[])[]): AuditSource {
  return {
    async *first() {
      yield* batches;
    },
    async *again(wanted) {
      let next = 0;
      for (const batch of batches) {
        const numbered = batch.map((object) => ({ ordinal: next++, object }));
        yield numbered.filter(({ ordinal }) => wanted(ordinal));
      }
    },
  };
}
