import type { Finding } from '../../audit/finding.ts';
import type { FollowedEntry } from './idfix-progress.ts';
import type { Reported } from './report.ts';

/** What became of something that IdFix did, where nothing is found any more: a note beside the findings. */
export function reportedNote({ entry, carriedOver }: FollowedEntry, asFinding: boolean): Reported {
  const { distinguishedName, attribute, value } = entry;
  const name = /^CN=((?:\\.|[^,\\])+)/i.exec(distinguishedName)?.[1]?.replace(/\\(.)/g, '$1') ?? distinguishedName;
  const message = `IdFix: ${carriedOver.message}.`;
  const remedy = remedies[carriedOver.outcome] ?? '';
  const note: Finding & { idFix: typeof carriedOver } = {
    rule: 'CarriedOverFromIdFix',
    severity: 'information',
    object: { name, objectType: 'other', distinguishedName },
    attribute,
    value: value === '' ? null : value,
    message,
    remedy,
    idFix: carriedOver,
  };
  return {
    json: asFinding ? note : null,
    row: {
      severity: 'information',
      rule: note.rule,
      certainty: '',
      object: name,
      objectType: '',
      distinguishedName,
      objectGUID: '',
      origin: '',
      attribute,
      value: note.value,
      message,
      remedy,
      proposal: null,
      action: entry.action,
      holders: [],
      idFix: carriedOver.message,
      isNote: true,
    },
  };
}

const remedies: Partial<Record<FollowedEntry['carriedOver']['outcome'], string>> = {
  settled: 'Nothing to do.',
  undone: 'Nothing to do.',
  accepted: 'Nothing to do: no rule of this profile minds the value.',
  planned: 'Not needed: no rule of this profile minds the value.',
  failed: 'Not needed: no rule of this profile minds the value.',
  'did-not-stick': 'Find out what writes the old value; no rule of this profile minds it.',
  'changed-since': 'Look whether the value that is there now is wanted.',
  'not-seen': 'Look for the object by its name, or export it as well.',
};
