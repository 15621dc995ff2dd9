"""Creates the database of a Samba domain controller below one directory.

Called by domain-controller.ts, which has written smb.conf and made the directories that it names.
"""
import argparse
import logging
import os
import pwd

from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.param import LoadParm
from samba.provision import provision
from samba.samdb import SamDB


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--configuration', required=True, help='path of smb.conf')
    parser.add_argument('--realm', required=True)
    parser.add_argument('--netbios-name', required=True)
    parser.add_argument('--host', required=True)
    parser.add_argument('--private', required=True, help='the private directory of smb.conf')
    parser.add_argument('--schema', action='append', default=[], help='LDIF to add to the schema, in this order')
    return parser.parse_args()


def create_database(parameters, options):
    result = provision(
        logging.getLogger('provision'),
        system_session(),
        smbconf=options.configuration,
        lp=parameters,
        realm=options.realm.upper(),
        domain=options.netbios_name,
        hostname=options.host,
        hostip='127.0.0.1',
        # Not an argument: every user of the machine can read those.
        adminpass=os.environ['SAMBA_ADMINISTRATOR_PASSWORD'],
        serverrole='dc',
        dns_backend='NONE',
        dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
        base_schema='2012_R2',
        root=pwd.getpwuid(os.getuid()).pw_name,
        nobody='nobody',
        skip_sysvolacl=True,
        plaintext_secrets=True,
    )
    return str(result.names.domaindn)


def extend_schema(parameters, options, domain_dn):
    """Each file is committed by itself: a class can name only attributes that the loaded schema knows."""
    parameters.set('dsdb:schema update allowed', 'true')
    for path in options.schema:
        database = SamDB(
            url=os.path.join(options.private, 'sam.ldb'), session_info=system_session(), lp=parameters)
        with open(path, encoding='utf-8') as ldif:
            database.modify_ldif(ldif.read().replace('DOMAINDN', domain_dn))


def main():
    options = arguments()
    parameters = LoadParm()
    parameters.load(options.configuration)
    domain_dn = create_database(parameters, options)
    extend_schema(parameters, options, domain_dn)


if __name__ == '__main__':
    main()
