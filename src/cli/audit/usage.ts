export const usage = `npm run audit -- --input FILE [options]
npm run audit -- --ldap ldaps://dc.contoso.com --bind-dn 'CONTOSO\\auditor' [options]

Finds what will fail, or go wrong, when a directory is synchronised with Microsoft Entra ID. It only reads.
With --predict it says instead which objects the next synchronisation will fail on, and how.

What is audited
  --input FILE            .ldif, .csv, .ndjson or .json; - is standard input. Repeatable: one audit over all of them.
  --input-format FORMAT   ldif, csv, ndjson or json, when the name of the file does not tell.
  --ldap URL              ldaps://host[:port]; ldap:// is raised to TLS with StartTLS, never plain.
    --bind-dn NAME        Who signs in: a DN, user@domain or DOMAIN\\user. The password comes from the environment variable
                          SYNCMEND_LDAP_PASSWORD, or is asked for.
    --base DN             Only what is below; else the whole domain of the controller.
    --ca FILE             PEM file of the authority behind the controller's certificate; else those that the system trusts.
  --entra FILE            What Microsoft Graph answered for users, groups, contacts or deleted users, as JSON: compared with
                          the directory. Repeatable. For profile entra only; docs/audit.md says what to ask Graph for.

Rules
  --profile PROFILE       entra (today's limits; default) or idfix-compat (row for row what IdFix 2.6 reports).
  --mode MODE             For idfix-compat: multi-tenant (default) or dedicated.
  --verified-domains a,b  Domains verified in the tenant, its onmicrosoft.com domain among them. Without them no finding says
                          that a suffix is not routable, and no proposal changes one.
  --alternate-login-id    The cloud user name comes from mail, not from userPrincipalName.
  --match-option OPTION   How Entra Connect joins one person of several forests: none (default), mail,
                          objectSid-msExchMasterAccountSid, sAMAccountName-mailNickname, attribute:NAME.
                          Each --input is then a forest of its own, unless its objects name another.
  --scope DN              Subtree that is synchronised. Repeatable; without it: everything.
  --inactive-days N       Days without a sign-in after which an account counts as inactive (90).
  --now TIME              Instead of the present moment, so that a run can be repeated (ISO 8601).
  --idfix FILE            What IdFix left behind, its CSV export, Update *.ldf or Verbose *.txt; repeatable, the oldest first.
                          The report says what is settled, what was planned, and what did not stick.

Prediction
  --predict               What the next synchronisation will do, object by object, instead of findings. For profile entra,
                          without --idfix. It needs the objects of Entra: --entra, or lines with origin in an --input.
  --directory EXTENT      whole (default): the input has every object of Active Directory, so that a synchronised one in Entra
                          without its own is on its way out. part (default with --base): what is not given stays.
  --tenant NAME=VALUE     How the tenant behaves; what is not said is unknown, and makes what depends on it possible instead
                          of certain. Repeatable:
                          softMatchOnUpn, blockSoftMatch, blockCloudObjectTakeover, synchronizeUpnForManagedUsers = on | off
                          softMatchAgainst = primary | anyProxy; updateCollision = quarantine | hardError
                          softDeletedAddresses = free | held; addressSpace = separate | shared
  --exchange-authority A  Where mailboxes of synchronised users are managed: on-premises (default), mixed, cloud.

Report
  --format FORMAT         table (default), csv, json, or html (one file that needs no network).
  --output FILE           Instead of standard output, to which npm run itself writes two lines unless it is
                          npm run -s audit.
  --quiet                 No progress.
  --help                  This page. More in docs/audit.md.

Exit code: 0 everything was read and nothing found, 1 something found (predicted: something will or may fail), 2 it could not
run, or found nothing in what it could read but could not read everything. Progress and what could not be read go to standard
error.
`;
