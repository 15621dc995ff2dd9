import { afterAll, beforeAll, describe } from 'vitest';
import { whileProvisioning } from './directory-contract.ts';
import { type DirectoryKind, startSubject } from './directory-subject.ts';
import { relayFindingContract } from './relay-directory-finding.ts';
import { relayReadingContract } from './relay-directory-reading.ts';
import { relayRefusingContract } from './relay-directory-refusing.ts';
import { RelaySubject } from './relay-directory-subject.ts';
import { relayWritingContract } from './relay-directory-writing.ts';

/** What the relay makes of a directory, be it Active Directory's stand-in or Samba. */
export function relayDirectoryContract(kind: DirectoryKind): void {
  let started: RelaySubject | undefined;
  beforeAll(async () => {
    started = new RelaySubject(await startSubject(kind));
  }, whileProvisioning);
  afterAll(() => started?.stop());
  const relay = (): RelaySubject => {
    if (!started) throw new Error('the directory is not started');
    return started;
  };
  describe('searching', () => relayFindingContract(relay));
  describe('reading', () => relayReadingContract(relay));
  describe('writing', () => relayWritingContract(relay));
  describe('refusing', () => relayRefusingContract(relay));
}
