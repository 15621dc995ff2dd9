import { type RunningForest, startActiveDirectory } from '../active-directory/active-directory.ts';
import { startSamba } from '../active-directory/samba/samba.ts';
import type { MovableClock } from '../clock.ts';
import type { Control } from '../control/control.ts';
import type { TlsMaterial } from '../tokens.ts';

export interface DirectoriesOptions {
  readonly clock: MovableClock;
  readonly tls: TlsMaterial;
  /** Real Samba instead of the stand-in. */
  readonly samba: boolean;
}

/** The forests of the organisation; the first is the one that most stories happen in. */
export interface Directories {
  readonly forests: readonly [RunningForest, ...RunningForest[]];
  controls(): Control[];
  stop(): Promise<void>;
}

const adminPassword = 'Local-Stack-Passw0rd';

const forests = [
  {
    name: 'contoso.com',
    adminPassword,
    domains: [
      { dnsName: 'contoso.com', controllers: ['dc1', 'dc2'] },
      { dnsName: 'emea.contoso.com', controllers: ['dc1'] },
    ],
  },
  {
    name: 'fabrikam.com',
    adminPassword,
    domains: [{ dnsName: 'fabrikam.com', controllers: ['dc1'] }],
  },
] as const;

/** Starts the AD stand-in, or real Samba: one domain with one controller a forest, and no controls. */
export async function startDirectories({ clock, tls, samba }: DirectoriesOptions): Promise<Directories> {
  if (!samba) return startActiveDirectory({ clock, tls, forests });
  const { forests: running, stop } = await startSamba({ tls, forests });
  const [first, ...rest] = running;
  if (!first) throw new Error('Samba started no forest.');
  return { forests: [first, ...rest], controls: () => [], stop };
}
