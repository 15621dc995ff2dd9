/** One row of IdFix that somebody has decided on. */
export interface IdFixEntry {
  readonly distinguishedName: string;
  readonly attribute: string;
  /** Empty: the attribute was absent. */
  readonly value: string;
  /** What it was, or is to be, replaced by; empty: removed. */
  readonly update: string;
  readonly action: 'edit' | 'remove' | 'undo';
  /**
   * `applied`: IdFix wrote it. `planned`: somebody chose the action, nothing was written. `failed`: the directory refused.
   * `accepted`: marked COMPLETE without a change, the value is to stay.
   */
  readonly state: 'applied' | 'planned' | 'failed' | 'accepted';
  readonly source: string;
  readonly line: number;
}
