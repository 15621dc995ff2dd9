import type { Finding } from '../audit/finding.ts';
import { joinedDuplicate } from '../audit/group-rules.ts';
import type { OnPremises } from '../ports.ts';

/** Questions to the sync engine in one run: each takes it part of a second. */
const mostQuestions = 500;

/**
 * Objects of several forests that the sync engine has joined to one are one person, whatever the match option says: such a
 * conflict is information. Asked of conflicts across forests alone; one that the engine says nothing about stays as it is.
 */
export function placedByEngine({
  joined,
}: Pick<OnPremises, 'joined'>): (findings: readonly Finding[]) => Promise<Finding[]> {
  let questions = 0;
  async function areOne(guids: ReadonlySet<string>, anchor: string): Promise<boolean> {
    if (questions >= mostQuestions) return false;
    questions += 1;
    const answer = await joined(anchor);
    if (!answer.ok || answer.value === null) return false;
    const together = new Set(answer.value.map((guid) => guid.toLowerCase()));
    return [...guids].every((guid) => together.has(guid));
  }
  return async (findings) => {
    const placed: Finding[] = [];
    for (const finding of findings) {
      const conflict = acrossForests(finding);
      const isOne = conflict !== null && (await areOne(conflict.guids, conflict.anchor));
      placed.push(isOne ? asJoined(finding) : finding);
    }
    return placed;
  };
}

/** Every party is in Active Directory, in two forests or more. */
function acrossForests({ severity, holders = [] }: Finding): { guids: Set<string>; anchor: string } | null {
  const parties = holders.filter(({ placed }) => placed === undefined).map(({ object }) => object);
  if (severity === 'information' || parties.length < 2) return null;
  const forests = new Set(parties.map(({ origin }) => (origin?.side === 'active-directory' ? origin.forest : null)));
  const guids = new Set(parties.flatMap(({ objectGUID }) => objectGUID?.toLowerCase() ?? []));
  const anchor = parties[0]?.sourceAnchor;
  return forests.size > 1 && !forests.has(null) && guids.size === parties.length && anchor !== undefined
    ? { guids, anchor }
    : null;
}

const asJoined = (finding: Finding): Finding => ({
  ...finding,
  rule: joinedDuplicate.code,
  severity: joinedDuplicate.severity,
  message: `${finding.message} The sync engine has joined them: they are one object in Entra.`,
  remedy: 'Nothing, as long as the join is as intended.',
});
