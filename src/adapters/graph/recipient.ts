import { z } from 'zod';
import type { CloudObject, Fact, RecipientKind } from '../../domain/evidence.ts';
import type { Clock } from '../../ports.ts';
import { errorCodeOf } from './answer.ts';
import type { Connection } from './connection.ts';
import { known } from './fact.ts';
import { segment } from './odata.ts';
import { exchangeOnlineReader, needs, remedyFor } from './permissions.ts';

/**
 * What kind of Exchange recipient an object is, as far as Graph proves it. Groups and contacts show it themselves; of a
 * user the purpose of the mailbox tells, else what follows from licence and addresses.
 */
export async function readRecipient(
  connection: Connection,
  clock: Clock,
  object: CloudObject,
): Promise<Fact<RecipientKind>> {
  if (object.deletedDateTime !== undefined) return undecided('a soft-deleted user shows no recipient');
  if (!hasAddress(object)) return known('none', 'Graph: no mail and no proxyAddresses', clock);
  if (object.objectType === 'contact') return known('mail-contact', 'Graph: contact with an address', clock);
  if (object.objectType === 'group') return known(kindOfGroup(object), 'Graph: groupTypes, mailEnabled', clock);

  const mailbox = await readMailbox(connection, object.id);
  const kind = kindByPurpose[mailbox];
  if (kind !== undefined) return known(kind, 'Graph: mailboxSettings/userPurpose', clock);
  if (object.userType === 'Guest') return known('mail-user', 'Graph: guest with an address', clock);
  if (object.onPremisesSyncEnabled === true) {
    return undecided('the mailbox of a synchronised user may be on premises or in the cloud');
  }
  if (mailbox === 'not in the cloud') return undecided('the user has an address and no mailbox in the cloud');
  if (object.enabledServices.includes('exchange') && object.mail !== undefined)
    return known('user-mailbox', 'Graph: Exchange plan enabled, mail set', clock);
  return undecided('a user with an address and no Exchange plan may be a shared mailbox, a mail user, or nothing');
}

const hasAddress = ({ mail, proxyAddresses }: CloudObject): boolean => mail !== undefined || proxyAddresses.length > 0;

/** Whether the mailbox in the cloud, if there is one, is a shared, room or equipment mailbox. */
export async function readIsResource(connection: Connection, clock: Clock, user: CloudObject): Promise<Fact<boolean>> {
  if (!hasAddress(user)) return known(false, 'Graph: no mail and no proxyAddresses', clock);
  const mailbox = await readMailbox(connection, user.id);
  const kind = kindByPurpose[mailbox];
  if (kind !== undefined) return known(kind !== 'user-mailbox', 'Graph: mailboxSettings/userPurpose', clock);
  if (mailbox === 'not in the cloud') return known(false, 'Graph: no mailbox in the cloud', clock);
  return undecided('what the mailbox in the cloud is used for was not told');
}

/** Security groups without mail can carry addresses left over from synchronisation; they receive nothing. */
function kindOfGroup({ groupTypes, mailEnabled }: CloudObject): RecipientKind {
  if (groupTypes.includes('Unified')) return 'microsoft-365-group';
  return mailEnabled === true ? 'distribution-group' : 'none';
}

/** Values of `userPurpose`; `linked` and `others` decide nothing. */
const kindByPurpose: Readonly<Record<string, RecipientKind>> = {
  user: 'user-mailbox',
  shared: 'shared-mailbox',
  room: 'room-mailbox',
  equipment: 'equipment-mailbox',
};

const mailboxSettings = z.object({ userPurpose: z.string() });

/** @returns the mailbox's purpose, `not in the cloud` when Exchange Online says so, `unseen` when it cannot be asked. */
async function readMailbox(connection: Connection, id: string): Promise<string> {
  const sent = await connection.get(`/users/${segment(id)}/mailboxSettings`);
  if (!sent.ok) return 'unseen';
  if (errorCodeOf(sent.value) === 'MailboxNotEnabledForRESTAPI') return 'not in the cloud';
  return mailboxSettings.safeParse(sent.value.body).data?.userPurpose ?? 'unseen';
}

const undecided = (because: string) =>
  ({ state: 'unknown', because, remedy: `${remedyFor(needs.readMailboxPurpose)} ${exchangeOnlineReader}` }) as const;
