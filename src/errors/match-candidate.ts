import type { Diagnosis, Step } from '../domain/diagnosis.ts';
import type { Party } from '../domain/party.ts';
import { quoted } from '../domain/powershell-text.ts';
import { runbookFix } from '../domain/runbook-fix.ts';
import type { PartyVerdict } from '../domain/same-party.ts';

/**
 * One person with two objects: to take the value from either would cement the twin. The two have to become one object,
 * which only a person may do.
 */
export function matchCandidate(subject: Party, holders: readonly Party[], judged: PartyVerdict): Diagnosis {
  const names = holders.map(({ name }) => name).join(' and ');
  return {
    reason: 'MatchCandidate',
    message: `${subject.name} and ${names} are one person with more than one object. Nobody gives anything up: the objects have to be matched.`,
    party: { verdict: judged.verdict, facts: judged.facts },
    fixes: [
      runbookFix({
        id: 'match-the-objects',
        title: `Make one object of ${subject.name} and ${names}`,
        risk: 'high',
        runbook: [
          { text: `Confirm with the person that both are theirs. Evidence: ${judged.facts.join('; ')}.` },
          ...[subject, ...holders].flatMap(lookSteps),
          ...holders.flatMap((holder) => matchSteps(subject, holder)),
        ],
        notes: [
          'The object that is worked with today (mailbox, licence, files) is the one to keep; the twin goes.',
          'Matching is never automated: a wrong match hands the mailbox to another person.',
        ],
      }),
    ],
    unknowns: judged.unknowns,
  };
}

function lookSteps({ name, cloud }: Party): Step[] {
  if (cloud === null || cloud.objectType !== 'user') return [];
  return [
    {
      text: `Look at ${name} in Entra: licences, last sign-in, anchor.`,
      command: `Get-MgUser -UserId ${quoted(cloud.id)} -Property Id,DisplayName,UserPrincipalName,Mail,ProxyAddresses,AssignedLicenses,OnPremisesImmutableId,OnPremisesSyncEnabled`,
    },
  ];
}

function matchSteps(subject: Party, holder: Party): Step[] {
  const [ad] = subject.onPremises;
  if (ad === undefined || holder.cloud === null) {
    return [
      {
        text: `Find the Active Directory object of ${subject.name} first: without it there is nothing to match ${holder.name} with.`,
      },
    ];
  }
  const identity = `-Identity ${quoted(ad.objectGuid)} -Server ${quoted(ad.domainController)}`;
  return [
    {
      text: `Why did ${ad.distinguishedName} not match ${holder.name}? A directory role, another anchor, or the block on soft or hard match. A role has to be taken from ${holder.name} for the time of the match, by its administrators.`,
    },
    {
      text: `Move ${ad.distinguishedName} out of the synchronised scope, run a cycle, and check that only the twin of ${subject.name} is deleted by it.`,
      command: 'Start-ADSyncSyncCycle -PolicyType Delta',
    },
    anchorStep(identity, holder),
    {
      text: `Move ${ad.distinguishedName} back into scope and run a cycle. It must arrive at ${holder.name} (${holder.cloud.id}). Then set the blocks and roles as they were, and recheck the case.`,
      command: 'Start-ADSyncSyncCycle -PolicyType Delta',
    },
  ];
}

/** The anchor of an object cannot be changed while it is in the connector space; hence the order of the steps. */
function anchorStep(identity: string, { cloud, name }: Party): Step {
  const anchor = cloud?.onPremisesImmutableId;
  if (anchor === undefined) {
    return {
      text: `${name} has no immutableId: it is matched by its primary address or UPN. Check that both sides have the same, and that soft match is not blocked.`,
    };
  }
  return {
    text: `${name} has the immutableId ${anchor}: while the object is out of scope, give it this anchor, so that it is matched by it.`,
    command: `Set-ADObject ${identity} -Replace @{'mS-DS-ConsistencyGuid'=[Convert]::FromBase64String(${quoted(anchor)})}`,
  };
}
