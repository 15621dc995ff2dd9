import type { Controller } from './controller.ts';
import type { Identity } from './identity.ts';
import type { RequestControls } from './ldap-message.ts';

/** One operation as the controller sees it: who asks, through which port, with which controls. */
export interface Call {
  readonly controller: Controller;
  /** Whether it came in through the port of the global catalogue. */
  readonly catalogue: boolean;
  readonly identity: Identity;
  readonly controls: RequestControls;
}

export const controlOid = {
  pagedResults: '1.2.840.113556.1.4.319',
  showDeleted: '1.2.840.113556.1.4.417',
  showRecycled: '1.2.840.113556.1.4.2064',
  lazyCommit: '1.2.840.113556.1.4.619',
  securityDescriptorFlags: '1.2.840.113556.1.4.801',
  treeDelete: '1.2.840.113556.1.4.805',
  dirSync: '1.2.840.113556.1.4.841',
  domainScope: '1.2.840.113556.1.4.1339',
  permissiveModify: '1.2.840.113556.1.4.1413',
} as const;

export const supportedControls: readonly string[] = Object.values(controlOid);

export function showsDeleted({ controls }: Call): boolean {
  return controls.has(controlOid.showDeleted) || controls.has(controlOid.showRecycled);
}
