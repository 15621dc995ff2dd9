import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificates, trustInThisProcess } from '../certificates.ts';
import { MovableClock } from '../clock.ts';
import type { TlsMaterial } from '../tokens.ts';
import { removeAbandoned } from './abandoned.ts';
import { atExit } from './at-exit.ts';
import { claimDirectory } from './claim-directory.ts';

export type Log = (part: string, line: string) => void;

/** What every part of the stack stands on. */
export interface Ground {
  readonly clock: MovableClock;
  readonly tls: TlsMaterial;
  /** PEM of the authority that signed every certificate. */
  readonly authority: string;
  /** The same as files, for other processes. */
  readonly files: { readonly authority: string; readonly certificate: string; readonly key: string };
  /** Shown to people: endpoints.json and the authority. */
  readonly directory: string;
  /** For keys, passwords and sockets; only this user can enter, and it is removed at the end. */
  readonly secrets: string;
  readonly log: Log;
  /** Ends what was started, in the reverse order. */
  readonly parts: AsyncDisposableStack;
}

export async function layGround(wantedDirectory: string, log: Log, parts: AsyncDisposableStack): Promise<Ground> {
  const { path: directory, mark, release } = await claimDirectory(wantedDirectory);
  cleanUpAtEnd(parts, release);
  await removeAbandoned(tmpdir(), /^syncmend-\w{6}$/);
  const secrets = mkdtempSync(join(tmpdir(), 'syncmend-'));
  cleanUpAtEnd(parts, () => rmSync(secrets, { recursive: true, force: true }));
  mark(secrets);
  const { authority, server: tls } = await createCertificates();
  trustInThisProcess(authority);
  const files = {
    authority: join(directory, 'ca.pem'),
    certificate: join(secrets, 'certificate.pem'),
    key: join(secrets, 'key.pem'),
  };
  writeFileSync(files.authority, authority);
  writeFileSync(files.certificate, tls.cert);
  writeFileSync(files.key, tls.key, { mode: 0o600 });
  return { clock: new MovableClock(), tls, authority, files, directory, secrets, log, parts };
}

/** Has `part` stopped when the stack stops, before everything that was started earlier. */
export function stopWith<Part extends { stop(): Promise<void> }>({ parts }: Ground, part: Part): Part {
  return parts.adopt(part, (started) => started.stop());
}

/** Runs `cleanUp` when the stack stops, or else when this process ends without having stopped it. */
export function cleanUpAtEnd(parts: AsyncDisposableStack, cleanUp: () => void): void {
  const callOff = atExit(cleanUp);
  parts.defer(() => {
    callOff();
    cleanUp();
  });
}
