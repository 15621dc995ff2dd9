import type { AuditSettings } from './audit-settings.ts';
import { spaces } from './claims.ts';
import { conflict, type JoinedGroup, joinedFinding } from './duplicate-finding.ts';
import type { Finding } from './finding.ts';
import { compareMembers, type Input, type Member } from './member.ts';
import { type Group, type PlacedHolder, placedHolders, type SharedSpace, verdictOn } from './placed-holders.ts';
import type { Joined } from './placing.ts';
import { softMatchesAmong, softMatchFinding } from './soft-match.ts';

/** Collects who holds which shared value, and says at the end what that means. */
export class Duplicates {
  readonly #groups = new Map<string, Group>();

  /** Members come one after another: all claims of one, then all of the next. */
  add(member: Member, space: SharedSpace, value: string, input: Input): void {
    const key = `${space} ${value}`;
    const group = this.#groups.get(key) ?? { space, value, holders: [] };
    this.#groups.set(key, group);
    const last = group.holders.at(-1);
    if (last?.member === member) last.inputs.push(input);
    else group.holders.push({ member, inputs: [input] });
  }

  /** The same findings in the same order, in whatever order the objects were read. */
  findings(settings: AuditSettings, joined: Joined | undefined): Finding[] {
    // Different values can share a hash, and then stand alone here.
    const groups = [...this.#groups].filter(([, { holders }]) => holders.length > 1).map(([, group]) => group);
    this.#groups.clear();
    groups.sort((left, right) => left.space - right.space || (left.value < right.value ? -1 : 1));
    for (const { holders } of groups) holders.sort((left, right) => compareMembers(left.member, right.member));
    const matches = softMatchesAmong(groups.filter(({ space }) => space === spaces.address));
    const conflicts: Finding[] = [];
    const joinedGroups = new Map<string, JoinedGroup>();
    for (const group of groups) {
      const placed = placedHolders(group, matches, settings, joined);
      const verdict = verdictOn(placed);
      if (verdict === 'conflict') conflicts.push(conflict(group, placed));
      if (verdict === 'joined') gather(joinedGroups, group, placed);
    }
    return [
      ...conflicts,
      ...[...joinedGroups.values()].map(joinedFinding),
      ...[...matches.values()].map(softMatchFinding),
    ];
  }
}

/** What joined objects have in common is one finding, however many values that are. */
function gather(all: Map<string, JoinedGroup>, group: Group, placed: readonly PlacedHolder[]): void {
  const key = placed.map(({ member, placed: why = '' }) => `${member.ordinal} ${why}`).join('\n');
  const known = all.get(key);
  if (known === undefined) {
    const holders = placed.map((holder) => ({ ...holder, inputs: [...holder.inputs] }));
    all.set(key, { first: group, holders, values: 1 });
    return;
  }
  known.values++;
  for (const [index, { inputs }] of known.holders.entries()) inputs.push(...(placed[index]?.inputs ?? []));
}
