/**
 * The attributes that the stand-in knows. Columns: lDAPDisplayName, syntax, `1` or `*` values, rangeUpper (- none), marks.
 * Marks: `gc` in the partial attribute set of the global catalogue; `index` found without a scan; `system` written by
 * the directory alone; `computed` never stored; `for:a|b` only on these classes and their subclasses.
 * Source: AD schema ([MS-ADA1] to [MS-ADA3]) and, below the line, the Exchange schema.
 */
export const attributeTable = `
objectClass                   class     * -     gc system
objectCategory                category  1 -     gc
objectGUID                    octets    1 16    gc system
objectSid                     sid       1 28    gc index system
sIDHistory                    sid       * -     gc index
distinguishedName             dn        1 -     gc system
name                          text      1 255   gc index system
cn                            text      1 64    gc
ou                            text      * 64    gc
dc                            text      1 255   gc
instanceType                  integer   1 -     gc system
whenCreated                   time      1 -     gc system
whenChanged                   time      1 -     gc system
uSNCreated                    integer   1 -     gc system
uSNChanged                    integer   1 -     gc system
isDeleted                     boolean   1 -     gc
isRecycled                    boolean   1 -     gc system
lastKnownParent               dn        1 -     gc system
isCriticalSystemObject        boolean   1 -     gc
systemFlags                   integer   1 -     gc
showInAdvancedViewOnly        boolean   1 -     gc
nTSecurityDescriptor          octets    1 -     gc
adminCount                    integer   1 -     -
adminDescription              text      1 256   gc
adminDisplayName              text      1 256   gc
sAMAccountName                text      1 256   gc index for:user|group
sAMAccountType                integer   1 -     gc system
userPrincipalName             text      1 1024  gc index for:user
userAccountControl            integer   1 -     gc for:user
servicePrincipalName          text      * -     gc index for:user
unicodePwd                    octets    1 -     for:user
pwdLastSet                    integer   1 -     -
accountExpires                integer   1 -     -
lastLogon                     integer   1 -     system
lastLogonTimestamp            integer   1 -     gc system
primaryGroupID                integer   1 -     gc
primaryGroupToken             integer   1 -     computed
badPwdCount                   integer   1 -     system
logonCount                    integer   1 -     system
lockoutTime                   integer   1 -     -
msDS-User-Account-Control-Computed integer 1 -  computed
groupType                     integer   1 -     gc for:group
member                        dn        * -     gc index for:group|publicFolder|msExchDynamicDistributionList
memberOf                      dn        * -     computed
manager                       dn        1 -     gc index
directReports                 dn        * -     computed
managedBy                     dn        1 -     gc index
managedObjects                dn        * -     computed
tokenGroups                   sid       * -     computed
canonicalName                 text      * -     computed
createTimeStamp               time      1 -     computed
modifyTimeStamp               time      1 -     computed
allowedAttributes             text      * -     computed
allowedAttributesEffective    text      * -     computed
msDS-ReplAttributeMetaData    text      * -     computed
msDS-parentdistname           dn        1 -     computed
displayName                   text      1 256   gc index
displayNamePrintable          text      1 256   gc
givenName                     text      1 64    gc
sn                            text      1 64    gc
initials                      text      1 6     -
title                         text      1 128   -
department                    text      1 64    -
company                       text      1 64    -
division                      text      1 256   -
description                   text      * 1024  gc
info                          text      1 1024  -
comment                       text      1 -     -
employeeID                    text      1 16    index
employeeNumber                text      1 512   -
employeeType                  text      1 256   -
personalTitle                 text      1 64    -
physicalDeliveryOfficeName    text      1 128   -
telephoneNumber               text      1 64    gc
mobile                        text      1 64    -
otherMobile                   text      * 64    -
homePhone                     text      1 64    gc
ipPhone                       text      1 64    -
pager                         text      1 64    -
facsimileTelephoneNumber      text      1 64    -
otherTelephone                text      * 64    -
streetAddress                 text      1 1024  -
postOfficeBox                 text      * 40    -
l                             text      1 128   gc
st                            text      1 128   gc
postalCode                    text      1 40    -
c                             text      1 3     gc
co                            text      1 128   -
countryCode                   integer   1 -     -
preferredLanguage             text      1 -     -
url                           text      * -     -
wWWHomePage                   text      1 2048  -
uid                           text      * 256   gc
userCertificate               octets    * -     gc
userSMIMECertificate          octets    * 32768 -
thumbnailPhoto                octets    1 102400 -
jpegPhoto                     octets    * -     -
mail                          text      1 256   gc index
proxyAddresses                text      * 1123  gc index
otherMailbox                  text      * -     -
legacyExchangeDN              exact     1 -     gc index
showInAddressBook             dn        * -     -
textEncodedORAddress          text      1 1024  gc
mS-DS-ConsistencyGuid         octets    1 -     gc index
msDS-ExternalDirectoryObjectId text     1 256   gc index
msDS-KeyCredentialLink        text      * -     -
msDS-SupportedEncryptionTypes integer   1 -     -
msDS-AllowedToDelegateTo      text      * -     -
dNSHostName                   text      1 2048  gc
operatingSystem               text      1 -     -
uPNSuffixes                   text      * -     -
nCName                        dn        1 -     gc
dnsRoot                       text      * 255   gc
nETBIOSName                   text      1 16    gc
invocationId                  octets    1 16    gc system
options                       integer   1 -     -
serverReference               dn        1 -     gc
msDS-Behavior-Version         integer   1 -     gc
dSHeuristics                  text      1 -     -
mailNickname                  text      1 64    gc index
targetAddress                 text      1 1123  gc index
altRecipient                  dn        1 -     gc
homeMDB                       text      1 -     gc
homeMTA                       text      1 -     -
deliverAndRedirect            boolean   1 -     -
authOrig                      dn        * -     gc
unauthOrig                    dn        * -     gc
publicDelegates               dn        * -     gc
msExchHomeServerName          text      1 -     gc
msExchHideFromAddressLists    boolean   1 -     gc
msExchMailboxGuid             octets    1 16    gc index
msExchArchiveGUID             octets    1 16    gc
msExchArchiveName             text      * 256   gc
msExchArchiveStatus           integer   1 -     gc
msExchMasterAccountSid        sid       1 -     gc
msExchRecipientTypeDetails    integer   1 -     gc
msExchRecipientDisplayType    integer   1 -     gc
msExchRemoteRecipientType     integer   1 -     gc
msExchPoliciesExcluded        text      * -     gc
msExchPoliciesIncluded        text      * -     gc
msExchPoliciesEnabled         integer   1 -     -
msExchUserAccountControl      integer   1 -     gc
msExchUserHoldPolicies        text      * -     gc
msExchLitigationHoldDate      time      1 -     gc
msExchRequireAuthToSendTo     boolean   1 -     gc
msExchModerationFlags         integer   1 -     gc
msExchEnableModeration        boolean   1 -     gc
msExchCoManagedByLink         dn        * -     -
msExchGroupDepartRestriction  integer   1 -     -
msExchGroupJoinRestriction    integer   1 -     -
msExchResourceMetaData        text      * -     -
msExchResourceDisplay         text      1 -     -
msExchResourceCapacity        integer   1 -     -
msExchBypassAudit             boolean   1 -     -
msExchDynamicDLFilter         text      1 -     -
msExchVersion                 integer   1 -     gc
msExchWhenMailboxCreated      time      1 -     -
msExchUsageLocation           text      1 -     gc
msExchAssistantName           text      1 -     gc
msExchExtensionCustomAttribute1 text    * 2048  gc
msExchExtensionCustomAttribute2 text    * 2048  gc
msExchExtensionCustomAttribute3 text    * 2048  gc
msExchExtensionCustomAttribute4 text    * 2048  gc
msExchExtensionCustomAttribute5 text    * 2048  gc
extensionAttribute1           text      1 1024  gc
extensionAttribute2           text      1 1024  gc
extensionAttribute3           text      1 1024  gc
extensionAttribute4           text      1 1024  gc
extensionAttribute5           text      1 1024  gc
extensionAttribute6           text      1 1024  gc
extensionAttribute7           text      1 1024  gc
extensionAttribute8           text      1 1024  gc
extensionAttribute9           text      1 1024  gc
extensionAttribute10          text      1 1024  gc
extensionAttribute11          text      1 2048  gc
extensionAttribute12          text      1 2048  gc
extensionAttribute13          text      1 2048  gc
extensionAttribute14          text      1 2048  gc
extensionAttribute15          text      1 2048  gc
`;

/** Columns: class, superclass, common name of its defaultObjectCategory, RDN type. `principal` has a SID and a sAMAccountName. */
export const classTable = `
top                             -                    Top                                  CN
container                       top                  Container                            CN
lostAndFound                    top                  Lost-And-Found                       CN
organizationalUnit              top                  Organizational-Unit                  OU
domain                          top                  Domain                               DC
domainDNS                       domain               Domain-DNS                           DC
builtinDomain                   top                  Builtin-Domain                       CN
person                          top                  Person                               CN
organizationalPerson            person               Person                               CN
contact                         organizationalPerson Person                               CN
user                            organizationalPerson Person                               CN principal
inetOrgPerson                   user                 Person                               CN principal
computer                        user                 Computer                             CN principal
msDS-ManagedServiceAccount      computer             ms-DS-Managed-Service-Account        CN principal
msDS-GroupManagedServiceAccount computer             ms-DS-Group-Managed-Service-Account  CN principal
group                           top                  Group                                CN principal
foreignSecurityPrincipal        top                  Foreign-Security-Principal           CN
configuration                   top                  Configuration                        CN
crossRefContainer               top                  Cross-Ref-Container                  CN
crossRef                        top                  Cross-Ref                            CN
sitesContainer                  top                  Sites-Container                      CN
site                            top                  Site                                 CN
serversContainer                top                  Servers-Container                    CN
server                          top                  Server                               CN
nTDSDSA                         top                  NTDS-DSA                             CN
publicFolder                    top                  ms-Exch-Public-Folder                CN
msExchDynamicDistributionList   top                  ms-Exch-Dynamic-Distribution-List    CN
msExchSystemObjectsContainer    container            ms-Exch-System-Objects-Container     CN
`;
