import { describe, expect, test } from 'vitest';
import type { AuditObject } from '../../src/audit/audit-object.ts';
import { type ForestFile, ToldObjects } from '../../src/pipeline/told-objects.ts';
import type { DirectoryBatch } from '../../src/ports.ts';
import { guid } from '../domain/evidence-builder.ts';
import { InMemoryAuditFiles } from './in-memory-audit.ts';

type Header = Extract<DirectoryBatch, { kind: 'domain' }>;

const root = 'contoso.com';
const child = 'emea.contoso.com';
const object = (number: number, domain = root, cn = `O${number}`): AuditObject => ({
  objectClass: ['user'],
  proxyAddresses: [],
  cn,
  objectGUID: guid(number),
  distinguishedName: `CN=${cn},DC=${domain.replaceAll('.', ',DC=')}`,
});
const header = (domain: string, mode: Header['mode'], forest = root): Header => ({
  kind: 'domain',
  forest,
  domain,
  domainController: `dc1.${domain}`,
  mode,
  because: null,
});

/** What an earlier run has left: objects 1 and 2 in the root domain, 3 in its child. */
async function earlierRun() {
  const files = new InMemoryAuditFiles();
  const writer = files.create('objects/before/contoso.com.told');
  await writer.write([object(1), object(2), object(3, child)]);
  await writer.close();
  const old: ForestFile[] = [{ forest: root, file: 'objects/before/contoso.com.told', objects: 3 }];
  return { files, old, told: new ToldObjects(files, 'objects/now') };
}

const namesIn = (files: InMemoryAuditFiles, joined: readonly ForestFile[]): string[] =>
  joined.flatMap(({ file }) =>
    (files.lines(file) as AuditObject[]).map(({ cn = '', distinguishedName = '' }) =>
      distinguishedName.includes('DC=emea') ? `${cn}@emea` : cn,
    ),
  );

describe('a full reading', () => {
  test('is the snapshot as it was written, and nothing is copied', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'full'));
    await told.objects([object(1), object(5)]);
    told.begin(header(child, 'full'));
    await told.objects([object(3, child)]);
    const joined = await told.join(old, []);
    expect(joined).toEqual([{ forest: root, file: 'objects/now/contoso.com.told', objects: 3 }]);
    expect(files.begun).not.toContain('objects/now/contoso.com.joined');
    expect(namesIn(files, joined)).toEqual(['O1', 'O5', 'O3@emea']);
    expect(told.domains.map(({ read }) => read)).toEqual([2, 1]);
  });

  test('of one domain leaves the others as they were', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'full'));
    await told.objects([object(1, root, 'New')]);
    told.begin(header(child, 'changes'));
    expect(namesIn(files, await told.join(old, []))).toEqual(['O3@emea', 'New']);
  });

  test('that breaks off takes nothing away', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'full'));
    await told.objects([object(1, root, 'New')]);
    told.begin(header(child, 'changes'));
    expect(namesIn(files, await told.join(old, [root]))).toEqual(['O2', 'O3@emea', 'New']);
  });

  test('that finds no object leaves none', async () => {
    const { old, told } = await earlierRun();
    told.begin(header(root, 'full'));
    told.begin(header(child, 'full'));
    expect(await told.join(old, [])).toEqual([]);
  });
});

describe('changes', () => {
  test('take the place of what they change; what was deleted goes', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'changes'));
    await told.objects([object(1, root, 'Renamed'), object(9)]);
    told.deleted([{ objectGUID: guid(2) }]);
    told.begin(header(child, 'changes'));
    const joined = await told.join(old, []);
    expect(namesIn(files, joined)).toEqual(['O3@emea', 'Renamed', 'O9']);
    expect(joined[0]?.objects).toBe(3);
  });

  test('of nothing leave the file as it is', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'changes'));
    told.begin(header(child, 'changes'));
    expect(await told.join(old, [])).toEqual(old);
    expect(files.begun).toHaveLength(1);
  });

  test('of an object that moved to another domain: it is there once, wherever it is told first', async () => {
    for (const [first, second] of [[root, child] as const, [child, root] as const]) {
      const { files, old, told } = await earlierRun();
      for (const domain of [first, second]) {
        told.begin(header(domain, 'changes'));
        if (domain === child) await told.objects([object(1, child)]);
        else told.deleted([{ objectGUID: guid(1) }]);
      }
      expect(namesIn(files, await told.join(old, []))).toEqual(['O2', 'O3@emea', 'O1@emea']);
    }
  });

  test('that tell an object in two domains: the later is right', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'changes'));
    await told.objects([object(1, root, 'Early')]);
    told.begin(header(child, 'changes'));
    await told.objects([object(1, child, 'Late')]);
    expect(namesIn(files, await told.join(old, []))).toEqual(['O2', 'O3@emea', 'Late@emea']);
  });

  test('that tell an object and then its deletion leave nothing of it', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'changes'));
    await told.objects([object(1, root, 'Dying'), object(9)]);
    told.deleted([{ objectGUID: guid(1) }]);
    told.begin(header(child, 'changes'));
    expect(namesIn(files, await told.join(old, []))).toEqual(['O2', 'O3@emea', 'O9']);
  });
});

describe('a domain', () => {
  test('that is not there any more takes its objects along', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'changes'));
    await told.objects([object(9)]);
    expect(namesIn(files, await told.join(old, []))).toEqual(['O1', 'O2', 'O9']);
  });

  test('that could not be read keeps them', async () => {
    const { files, old, told } = await earlierRun();
    told.begin(header(root, 'changes'));
    await told.objects([object(9)]);
    expect(namesIn(files, await told.join(old, ['EMEA.contoso.com']))).toEqual(['O1', 'O2', 'O3@emea', 'O9']);
  });
});

test('while it is not known which domains there are, everything stays', async () => {
  const { old, told } = await earlierRun();
  expect(await told.join(old, [null])).toEqual(old);
});

test('a forest that nobody names any more is gone, another begins', async () => {
  const { files, old, told } = await earlierRun();
  told.begin(header('fabrikam.com', 'full', 'fabrikam.com'));
  await told.objects([object(7, 'fabrikam.com')]);
  const joined = await told.join(old, []);
  expect(joined.map(({ forest }) => forest)).toEqual(['fabrikam.com']);
  expect(namesIn(files, joined)).toEqual(['O7']);
});
