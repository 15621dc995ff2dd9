import { afterAll, beforeAll, describe } from 'vitest';
import { connectingContract } from './directory-connecting.ts';
import { deletingContract } from './directory-deleting.ts';
import { findingContract } from './directory-finding.ts';
import { namingContract } from './directory-naming.ts';
import { rightsContract } from './directory-rights.ts';
import { type DirectoryKind, type Subject, startSubject } from './directory-subject.ts';
import { synchronisingContract } from './directory-synchronising.ts';
import { writingContract } from './directory-writing.ts';

/** The first start of Samba on a machine provisions: 5 s when nothing else runs, much more beside other tests. */
export const whileProvisioning = 180_000;

/** What every directory must do that Syncmend reads and writes, be it Active Directory's stand-in or Samba. */
export function directoryContract(kind: DirectoryKind): void {
  let started: Subject | undefined;
  beforeAll(async () => {
    started = await startSubject(kind);
  }, whileProvisioning);
  afterAll(() => started?.stop());
  const subject = (): Subject => {
    if (!started) throw new Error('the directory is not started');
    return started;
  };
  describe('connecting', () => connectingContract(subject));
  describe('naming and uniqueness', () => namingContract(subject));
  describe('writing values', () => writingContract(subject));
  describe('moving and deleting', () => deletingContract(subject));
  describe('finding', () => findingContract(subject));
  describe('synchronising', () => synchronisingContract(subject));
  describe('rights', () => rightsContract(subject));
}
