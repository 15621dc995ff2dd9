import { createUser } from '../graph-writes.ts';
import { type Answer, badRequest } from './answer.ts';
import type { Call } from './call.ts';
import { represent } from './object-properties.ts';
import type { Route } from './route.ts';
import { acceptedObject } from './write-body.ts';

/** Guests are made by invitation. */
export const invitationRoutes: readonly Route[] = [
  { method: 'POST', path: 'invitations', needs: 'inviteUsers', answer: (call) => invite(call) },
];

function invite(call: Call): Answer {
  const {
    invitedUserEmailAddress: mail,
    invitedUserDisplayName,
    inviteRedirectUrl,
  } = (call.body ?? {}) as Record<string, unknown>;
  if (typeof mail !== 'string' || !mail.includes('@')) throw badRequest("Invalid value for 'invitedUserEmailAddress'.");
  if (typeof inviteRedirectUrl !== 'string') throw badRequest("A value is required for 'inviteRedirectUrl'.");
  const { state, settings } = call.tenant;
  const mailNickname = `${mail.replace('@', '_')}#EXT#`;
  const outcome = createUser(state, {
    userPrincipalName: `${mailNickname}@${state.domains.initial}`,
    mailNickname,
    mail,
    displayName: invitedUserDisplayName ?? mail,
    userType: 'Guest',
    accountEnabled: true,
    creationType: 'Invitation',
    externalUserState: 'PendingAcceptance',
    otherMails: [mail],
  });
  const guest = acceptedObject(outcome, settings.switches);
  call.writes.object(call.method, guest, null, represent(guest, undefined));
  state.audits.record('Invite external user', guest, call.claims.oid);
  return {
    status: 201,
    body: {
      '@odata.context': `${call.baseUrl}/$metadata#invitations/$entity`,
      id: guest.id,
      invitedUserEmailAddress: mail,
      inviteRedirectUrl,
      status: 'PendingAcceptance',
      invitedUser: { id: guest.id },
    },
  };
}
