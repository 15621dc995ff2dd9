import { startSamba } from '../../../dev/active-directory/samba/samba.ts';
import { localhostCertificate } from '../../contracts/directory-certificate.ts';

// A process of its own that starts Samba and then does nothing, for the test to kill.
const tls = await localhostCertificate();
await startSamba({ tls, forests: [{ name: 'contoso.com', adminPassword: 'Admin!Passw0rd' }] });
process.stdout.write('started\n');
