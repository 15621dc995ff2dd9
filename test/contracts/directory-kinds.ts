import { describe, it } from 'vitest';
import { startActiveDirectory } from '../../dev/active-directory/active-directory.ts';
import { startSamba } from '../../dev/active-directory/samba/samba.ts';
import { sambaIsInstalled } from '../../dev/active-directory/samba/template.ts';
import { MovableClock } from '../../dev/clock.ts';
import { localhostCertificate } from './directory-certificate.ts';
import type { DirectoryKind } from './directory-subject.ts';

const name = 'contoso.com';
const adminPassword = 'Admin!Passw0rd';

const standIn: DirectoryKind = {
  kind: 'activeDirectory',
  async start() {
    const tls = await localhostCertificate();
    const domains = [{ dnsName: name, controllers: ['dc1'] }];
    const { forests, stop } = await startActiveDirectory({
      clock: new MovableClock(),
      tls,
      forests: [{ name, adminPassword, domains }],
    });
    return { forest: forests[0], ca: tls.cert, stop };
  },
};

const samba: DirectoryKind = {
  kind: 'samba',
  async start() {
    const tls = await localhostCertificate();
    const { forests, stop } = await startSamba({ tls, forests: [{ name, adminPassword }] });
    const [forest] = forests;
    if (!forest) throw new Error('Samba started no forest');
    return { forest, ca: tls.cert, stop };
  },
};

const missing = !sambaIsInstalled();
const why = 'apt-get install samba-ad-dc samba-ad-provision ldb-tools';

/**
 * Runs one suite against the stand-in and against real Samba. A developer may lack Samba; the build must not, or nothing
 * would hold the stand-in to a real directory.
 */
export function describeEachDirectory(contract: (kind: DirectoryKind) => void): void {
  describe('the Active Directory stand-in', () => contract(standIn));
  describe.skipIf(missing && process.env['CI'] !== 'true')(
    `Samba AD${missing ? ` (not installed: ${why})` : ''}`,
    () => {
      if (!missing) return contract(samba);
      it('is installed', () => {
        throw new Error(`Samba is not installed: ${why}`);
      });
    },
  );
}
